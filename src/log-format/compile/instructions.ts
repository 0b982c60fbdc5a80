/** Writes instructions. `kernel/assembly/scan/instructions.ts` documents them. */

import { CONSUME, ESCAPED, OPCODES } from './opcodes.ts';

const LITERAL_BYTES = 8;
/** Where a field begins and ends: two addresses. */
const SPAN_BYTES = 8;

/** The instruction of a field. If rules look at it, the kernel writes down where it begins and ends. */
export function withMarks(word: number, slot: number | undefined, mayHaveEscapes: boolean): Uint8Array[] {
  if (slot === undefined) return [instructionOf(word)];
  const place = slot * SPAN_BYTES;
  if ((word & 0xff) === OPCODES.quoted)
    return [placedInstruction(word - OPCODES.quoted + OPCODES.noted, place)];
  const back = word & CONSUME ? 1 : 0;
  const end = OPCODES.mark | (back << 8) | (mayHaveEscapes ? ESCAPED : 0);
  return [placedInstruction(OPCODES.mark, place), instructionOf(word), placedInstruction(end, place + 4)];
}

function placedInstruction(word: number, place: number): Uint8Array {
  const instruction = instructionOf(word);
  new DataView(instruction.buffer).setUint32(4, place, true);
  return instruction;
}

/** An instruction of one word. */
export function instructionOf(word: number): Uint8Array {
  const instruction = new DataView(new ArrayBuffer(16));
  instruction.setUint32(0, word, true);
  return new Uint8Array(instruction.buffer);
}

/** The instructions of fixed text. */
export function literalInstructions(text: string): Uint8Array[] {
  const bytes = Buffer.from(text);
  const instructions: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += LITERAL_BYTES) {
    const part = bytes.subarray(at, at + LITERAL_BYTES);
    const instruction = instructionOf(OPCODES.literal);
    new DataView(instruction.buffer).setUint32(4, part.length, true);
    instruction.set(part, 8);
    instructions.push(instruction);
  }
  return instructions;
}
