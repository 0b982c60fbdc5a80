import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../../pipeline/types.ts';

const MB = 1e6;

/** Shows the progress of a long read: bytes, lines a second, time left. Silent without a terminal. */
export class ProgressBar {
  #bar: SingleBar | undefined;
  readonly #beganMs = performance.now();

  update({
    bytesRead,
    bytesTotal,
    linesRead,
  }: Pick<Progress, 'bytesRead' | 'bytesTotal' | 'linesRead'>): void {
    if (!process.stderr.isTTY || bytesTotal === undefined) return;
    this.#bar ??= this.#start();
    this.#bar.setTotal(bytesTotal);
    this.#bar.update(bytesRead, {
      read: (bytesRead / MB).toFixed(0),
      all: (bytesTotal / MB).toFixed(0),
      speed: (linesRead / 1e3 / (performance.now() - this.#beganMs)).toFixed(2),
    });
  }

  #start(): SingleBar {
    const format =
      '{bar} {percentage} % | {read} of {all} MB | {speed} million lines/s | {eta_formatted} left';
    const bar = new SingleBar(
      { format, stream: process.stderr, clearOnComplete: true, hideCursor: true },
      Presets.rect,
    );
    bar.start(1, 0, { read: '0', all: '0', speed: '0' });
    return bar;
  }

  stop(): void {
    this.#bar?.stop();
  }
}
