/** The package has no types of its own. */
declare module 'postject' {
  /** Puts a resource into a program. @throws if the program has no place for it. */
  export function inject(
    program: string,
    name: string,
    resource: Buffer,
    options: { readonly sentinelFuse: string },
  ): Promise<void>;
}
