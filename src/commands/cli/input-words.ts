import type { InputWords } from '../../api/input-words.ts';
import { REJECTION_REASONS } from '../../log-format/types.ts';
import { bytePositionText } from '../../source/byte-positions.ts';

/** All partitions so far are of files or of standard input. */
export const INPUT_WORDS: InputWords = {
  positionText: bytePositionText,
  rejectionReasons: Object.keys(REJECTION_REASONS),
};
