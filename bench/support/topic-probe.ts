/**
 * Reads a topic to its end: `client` only takes the lines and prints how many bytes they have, `scan` also reads them and puts them
 * together by customer and day, commits nothing, and prints how many lines there were.
 *
 *     node bench/support/topic-probe.ts client 127.0.0.1:9092 topic
 */

import { openClusterThread } from '../../src/commands/ingesting/kafka-source.ts';
import { MAX_UNPLACED_BYTES } from '../../src/limits.ts';
import { KNOWS_NOTHING } from '../../src/pipeline/loop/known-partitions.ts';
import { budgetOf, SplitScanner } from '../../src/pipeline/scan/split-scanner.ts';
import type { PartitionReader } from '../../src/source/contract.ts';
import { KafkaSource } from '../../src/source/kafka/kafka-source.ts';
import { UTC } from '../../src/window/zone.ts';
import { ALL_KINDS } from '../../test/support/kept-windows.ts';
import { scanSettings } from '../../test/support/scan-settings.ts';

const [mode, brokers = '', topic = ''] = process.argv.slice(2);
const LF = 10;
const BLOCK_BYTES = 256 * 1024;
const WINDOW_STATE_BYTES = 64 * 1024 * 1024;

const UNBOUNDED = {
  waitMs: Infinity,
  isDroppingLate: false,
  maxAgeMs: Infinity,
  maxAheadMs: Infinity,
  retentionDays: 0,
};

async function clientOnly(reader: PartitionReader): Promise<number> {
  const block = Buffer.alloc(BLOCK_BYTES);
  let [all, asked] = [0, 0];
  for (;;) {
    const bytes = await reader.read(block);
    if (bytes === 0) return all;
    // As the scanner does: positions are only asked for at the ends of lines, and now and then.
    const end = all + block.lastIndexOf(LF, bytes - 1) + 1;
    all += bytes;
    if (all - asked < MAX_UNPLACED_BYTES) continue;
    reader.positionAt(end);
    asked = all;
  }
}

const scanner = new SplitScanner(
  {
    scan: scanSettings('default'),
    dayZone: UTC,
    kept: ALL_KINDS,
    eventTime: UNBOUNDED,
    budget: budgetOf(WINDOW_STATE_BYTES, 1),
  },
  () => Date.now(),
);

async function scanned(reader: PartitionReader): Promise<number> {
  let lines = 0;
  const limit = { isClosed: false, room: Number.POSITIVE_INFINITY, took: (more: number) => (lines += more) };
  scanner.begin({ bytes: undefined, takesLastLine: false, head: undefined }, reader, null);
  while ((await scanner.scan(limit as never)) !== 'done') {
    scanner.takePart();
    scanner.clear();
  }
  scanner.takePart();
  return lines;
}

const access = { brokers: [brokers], tls: undefined, sasl: undefined };
const source = new KafkaSource({ topics: [topic], group: undefined }, openClusterThread(access));
const { assignments } = await (await source.discover()).assign(KNOWS_NOTHING);
let counted = 0;
for (const assignment of assignments) {
  const reader = await assignment.open();
  if (!reader) throw new Error('a partition cannot be opened');
  counted += await (mode === 'scan' ? scanned(reader) : clientOnly(reader));
  await reader.close();
}
source.close();
console.log(counted);
