import type { InputWords } from '../../api/input-words.ts';
import { REJECTION_REASONS } from '../../log-format/types.ts';
import { bytePositionText } from '../../source/byte-positions.ts';
import { positionText } from '../../source/kafka/position.ts';

/** A partition is of a topic, and its id says so, or of a file or of standard input. */
export const INPUT_WORDS: InputWords = {
  positionText: (position, partitionId) => positionText(position, partitionId) ?? bytePositionText(position),
  rejectionReasons: Object.keys(REJECTION_REASONS),
};
