/** Reads Parquet with DuckDB, which shares no code with what writes it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export interface ParquetTable {
  /** The types of the columns by their names, as DuckDB calls them. */
  readonly types: Readonly<Record<string, string>>;
  /** Values as JSON has them: whole numbers as texts, days and instants by ISO 8601. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowGroups: number;
}

export async function readParquet(bytes: Uint8Array): Promise<ParquetTable> {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-parquet-'));
  const file = join(directory, 'answer.parquet');
  writeFileSync(file, bytes);
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const all = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  try {
    await connection.run("set TimeZone = 'UTC'");
    const columns = await all(`describe select * from read_parquet('${file}')`);
    const [groups] = await all(`select num_row_groups from parquet_file_metadata('${file}')`);
    return {
      types: Object.fromEntries(columns.map((column) => [column.column_name, String(column.column_type)])),
      rows: await all(`select * from read_parquet('${file}')`),
      rowGroups: Number(groups?.num_row_groups),
    };
  } finally {
    connection.closeSync();
    database.closeSync();
    rmSync(directory, { recursive: true });
  }
}
