/** Writes rows as Parquet, in pieces: a row group each, and the footer. */

import type { ByteWriter as Bytes, ParquetWriter as Parquet } from 'hyparquet-writer';
import { PARQUET_GROUP_ROWS } from '../limits.ts';
import type { Row, RowsWriter } from './rows-writer.ts';

type ColumnType = 'int64' | 'double' | 'date' | 'timestamp' | 'string';

/** Of columns whose name does not tell their type. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  ...{ first_date: 'date', last_date: 'date', days_with_requests: 'int64' },
  ...{ date: 'date', from: 'date', to: 'date', status: 'int64', revision: 'int64', offset: 'int64' },
  ...{ lines: 'int64', accepted: 'int64', rejected: 'int64', late: 'int64', dropped: 'int64' },
  ...{ excluded: 'int64', requests: 'int64', requests_change: 'int64', duration_precision: 'int64' },
  ...{ no_response: 'int64', availability_change: 'double', state_since: 'timestamp' },
  ...{ first_event: 'timestamp', last_event: 'timestamp', added: 'timestamp', moved: 'timestamp' },
  ...{ from_offset: 'int64', to_offset: 'int64', number: 'int64', changed: 'timestamp' },
  ...{ change_count: 'int64', source_count: 'int64' },
};

function typeOf(column: string): ColumnType {
  if (Object.hasOwn(TYPES, column)) return TYPES[column] as ColumnType;
  if (/_requests$|^[1-5]xx$/.test(column)) return 'int64';
  return /_percentage$|^(before_|after_)?duration_/.test(column) ? 'double' : 'string';
}

/** The older kind of type does not say that it is UTC. */
const INSTANT = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MILLIS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
} as const;

/** What each type is in the file, and how a value that is not null is written. */
const WRITTEN = {
  int64: { element: { type: 'INT64' }, asValue: (value: unknown) => BigInt(value as number) },
  double: { element: { type: 'DOUBLE' }, asValue: Number },
  date: { element: { type: 'INT32', converted_type: 'DATE' }, asValue: timeOf },
  timestamp: { element: INSTANT, asValue: timeOf },
  string: { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, asValue: textOf },
} as const;

function timeOf(value: unknown): Date {
  return new Date(String(value));
}

/** Objects are written as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The package is loaded when somebody asks for it. */
export async function parquetWriter(columns: readonly string[]): Promise<RowsWriter> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const schema = [
    { name: 'rows', num_children: columns.length },
    ...columns.map((name) => ({
      ...WRITTEN[typeOf(name)].element,
      ...{ name, repetition_type: 'OPTIONAL' as const },
    })),
  ];
  // HTTP compresses the answer. Statistics of columns and pages would make the footer large.
  const options = { codec: 'UNCOMPRESSED', statistics: false, createdBy: 'daymark' } as const;
  return new GroupWriter(bytes, new ParquetWriter({ writer: bytes, schema, ...options }), columns);
}

class GroupWriter implements RowsWriter {
  readonly #bytes: Bytes;
  readonly #parquet: Parquet;
  readonly #columns: readonly string[];
  #rows: Row[] = [];

  constructor(bytes: Bytes, parquet: Parquet, columns: readonly string[]) {
    this.#bytes = bytes;
    this.#parquet = parquet;
    this.#columns = columns;
  }

  /** Rows of several pages share a row group: each group costs room in the footer. */
  *write(rows: readonly Row[]): Generator<Buffer> {
    this.#rows.push(...rows);
    while (this.#rows.length >= PARQUET_GROUP_ROWS)
      yield this.#writeGroup(this.#rows.splice(0, PARQUET_GROUP_ROWS));
  }

  *end(): Generator<Buffer> {
    if (this.#rows.length > 0) yield this.#writeGroup(this.#rows);
    this.#parquet.finish();
    yield this.#take();
  }

  #writeGroup(rows: readonly Row[]): Buffer {
    const columnData = this.#columns.map((name) => {
      const { asValue } = WRITTEN[typeOf(name)];
      const data = rows.map((row) => ((row[name] ?? null) === null ? null : asValue(row[name])));
      return { name, data, offsetIndex: false };
    });
    this.#parquet.write({ columnData, rowGroupSize: rows.length });
    return this.#take();
  }

  /** What was written since the last time. */
  #take(): Buffer {
    const taken = Buffer.from(this.#bytes.getBytes());
    this.#bytes.index = 0;
    return taken;
  }
}
