/** Finds the template of a path. */

export let matchedText: usize = 0;
/** 0: the kernel cannot tell. */
export let matchedTextBytes: usize = 0;

export function isMatchingTree(tree: usize, method: u32, p: usize, end: usize): bool {
  return true;
}
