import type { Assigned, Discovery, Position, Source } from '../../src/source/contract.ts';

/** A source that passes everything on. A test overrides what is to be another way. */
export class WrappedSource implements Source {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  async discover(): Promise<Discovery> {
    const discovery = await this.#source.discover();
    return {
      isUnchanged: discovery.isUnchanged,
      assign: async (known) => this.assigned(await discovery.assign(known)),
    };
  }

  /** What comes out of an assignment of partitions. */
  protected assigned(assigned: Assigned): Assigned {
    return assigned;
  }

  noteFinished(partitionIds: readonly string[]): void {
    this.#source.noteFinished?.(partitionIds);
  }

  positionText(position: Position, partitionId: string): string {
    return this.#source.positionText(position, partitionId);
  }

  close(): void {
    this.#source.close();
  }
}
