import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Adds finished partitions of logs that are gone to a store. Each is a copy of the first partition there, with its own
 * name, head fingerprint and checksums.
 */
export function addPastPartitions(dataDirectory: string, count: number): void {
  const database = new DatabaseSync(join(dataDirectory, 'daymark.db'));
  try {
    const [model] = database.prepare('select * from checkpoints limit 1').all();
    if (!model) throw new Error('The store has no partition to copy.');
    const columns = Object.keys(model);
    const parameters = columns.map(() => '?').join(', ');
    const insert = database.prepare(`insert into checkpoints (${columns.join(', ')}) values (${parameters})`);
    database.exec('begin');
    for (let i = 0; i < count; i++) {
      const past: Record<string, unknown> = { ...model, ...ownOf(i, model) };
      insert.run(...columns.map((column) => past[column] as string | number | Uint8Array | null));
    }
    database.exec('commit');
  } finally {
    database.close();
  }
}

function ownOf(index: number, model: Record<string, unknown>): Record<string, unknown> {
  const digest = createHash('sha256').update(String(index)).digest('hex');
  const checksums = model.prefix_checksums;
  const own =
    checksums instanceof Uint8Array ? Uint8Array.from(checksums, (byte) => byte ^ (index & 0xff)) : null;
  return {
    id: `${digest.slice(0, 8)}-${index}`,
    name: `${model.name}.${index}`,
    identity: String(model.identity).replace(/[0-9a-f]{64}$/, digest),
    mark: String(model.mark).replace(/[0-9a-f]{64}$/, digest),
    ...('head_key' in model && { head_key: digest }),
    ...('inode' in model && { inode: `1:${index}` }),
    ...('prefix_checksums' in model && { prefix_checksums: own }),
    state: 'finished',
  };
}
