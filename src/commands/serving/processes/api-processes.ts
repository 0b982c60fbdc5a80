import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { FAILED_ATTEMPTS } from '../../../api/access/failed-attempts.ts';
import { type LimitBounds, type LimitName, sharedClockMs } from '../../../api/limits/client-limit.ts';
import { SharedLimit } from '../../../api/limits/shared-limit.ts';
import type { Settings } from '../../../config/settings.ts';
import { DaymarkError } from '../../../errors.ts';
import {
  METRICS_PROCESS_WAIT_MS,
  PROCESS_STOP_MS,
  PROCESS_WELL_MS,
  RATE_LIMIT_WINDOW_MS,
} from '../../../limits.ts';
import type { MetricsSnapshot } from '../../../metrics/metrics.ts';
import { SummedMetrics } from '../../../metrics/summed.ts';
import { backoffMs } from '../../../pipeline/loop/backoff.ts';
import { errorOf } from '../../../thread-error.ts';
import { reportInfo, reportOutage, reportWarning } from '../../cli/report.ts';
import { IS_EXECUTABLE } from '../../program-files.ts';
import { processMetrics } from '../metrics-server.ts';
import type { FromProcess, ToProcess } from './messages.ts';

/** A process, or its successors. */
interface Place {
  /** From 1. */
  readonly number: number;
  worker: Worker | undefined;
  beganMs: number;
  /** How often in a row it ended before it was well. */
  tries: number;
  timer: NodeJS.Timeout | undefined;
  /** Whether it listens, and whether it has the database. */
  state: 'starting' | 'listening' | 'serving';
  /** Why it ended, where it said so. */
  error: Error | undefined;
}

/** Of the first process itself, `/metrics` has its memory and time, and what it alone counts. */
const OF_FIRST_PROCESS = /^process_|^daymark_process_restarts_total$/;

/**
 * The processes that answer requests. Node's `cluster` accepts connections here and gives them to each in turn. Until all of them
 * have served once, the first error ends all: a wrong setting is said once. After that, one that ends is started again, with
 * growing waits. One that dies without an error is started again as soon as all have listened once.
 */
export class ApiProcesses {
  /** Resolves when it is to stop. Rejects with the error of the start. */
  readonly ended: Promise<void>;
  /** Resolves when it is to stop, and no process is left. */
  readonly gone: Promise<void>;
  /** Of all processes. */
  readonly metrics: SummedMetrics;
  readonly #ended = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #settings: Settings;
  readonly #places: Place[];
  readonly #ownMetrics = processMetrics();
  readonly #limits: Readonly<Record<LimitName, SharedLimit>>;
  readonly #measuring = new Map<number, (snapshot: MetricsSnapshot) => void>();
  #measured = 0;
  /** The port to listen on. With 0, the system chooses one for the first process, and the others share it. */
  #port: number;
  /** The one that they listen on. */
  #openPort = 0;
  /** Whether all have listened at once. */
  #hasListened = false;
  /** Whether all have served at once. */
  #hasServed = false;
  #isStopping = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#port = settings.PORT;
    this.ended = this.#ended.promise;
    this.gone = this.#gone.promise;
    // It is awaited after the start. Until then, Node must not report a rejection.
    this.ended.catch(() => undefined);
    this.#limits = {
      requests: this.#newLimit('requests', {
        max: settings.RATE_LIMIT_PER_MINUTE,
        windowMs: RATE_LIMIT_WINDOW_MS,
      }),
      failures: this.#newLimit('failures', FAILED_ATTEMPTS),
    };
    this.metrics = new SummedMetrics(
      (number) => this.#measure(number),
      async () => (await this.#ownMetrics.snapshot()).filter(({ name }) => OF_FIRST_PROCESS.test(name)),
    );
    // What crosses has numbers that JSON does not know, such as a duration without an end.
    cluster.setupPrimary({ exec: programOfProcess(), args: [], serialization: 'advanced' });
    this.#places = Array.from({ length: settings.PROCESSES }, (_, i) => newPlace(i + 1));
  }

  /** Starts them, unless it was told to stop meanwhile. */
  start(): void {
    if (this.#isStopping) return;
    for (const place of this.#places) this.#start(place);
  }

  /** Has all processes finish their answers and end. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#ended.resolve();
    for (const { worker, timer } of this.#places) {
      clearTimeout(timer);
      if (worker) send(worker, { kind: 'stop' });
    }
    setTimeout(() => {
      for (const { worker } of this.#places) worker?.process.kill('SIGKILL');
    }, PROCESS_STOP_MS).unref();
    this.#lookIfGone();
  }

  #start(place: Place): void {
    const worker = cluster.fork();
    Object.assign(place, { worker, beganMs: performance.now(), state: 'starting', error: undefined });
    worker.on('message', (message: FromProcess) => this.#receive(place, worker, message));
    worker.on('error', (error) => {
      place.error ??= error;
    });
    worker.process.once('exit', (code, signal) => {
      const end = () => this.#noteEnd(place, signal ?? `exit code ${code}`);
      // What it said at last may not be read yet.
      if (worker.isConnected()) worker.process.once('disconnect', end);
      else end();
    });
  }

  #receive(place: Place, worker: Worker, message: FromProcess): void {
    const { number } = place;
    if (message.kind === 'ready')
      send(worker, { kind: 'start', settings: this.#settingsOfProcess(), saysAll: number === 1 });
    else if (message.kind === 'listening') this.#note(place, 'listening', message.url);
    else if (message.kind === 'serving') this.#note(place, 'serving', message.url, message.store);
    else if (message.kind === 'failed') place.error = errorOf(message.error);
    else if (message.kind === 'limit') this.#limits[message.name].receive(number, message.message);
    else if (message.kind === 'metrics') this.#measuring.get(message.id)?.(message.snapshot);
    else void this.#sendMetrics(worker, message.id);
  }

  /** The settings of each: what is meant for all together is divided, and what the first process does is left out. */
  #settingsOfProcess(): Settings {
    const { PROCESSES: processes, MAX_CONNECTIONS: connections, MAX_EVENT_STREAMS: streams } = this.#settings;
    const shareOf = (most: number | undefined) => (most === undefined ? most : Math.floor(most / processes));
    return {
      ...{ ...this.#settings, METRICS_PORT: undefined, PORT: this.#port },
      ...{ MAX_CONNECTIONS: shareOf(connections), MAX_EVENT_STREAMS: shareOf(streams) },
    };
  }

  #note(place: Place, state: 'listening' | 'serving', url: string, store = ''): void {
    if (place.state === 'starting') this.metrics.add(place.number);
    place.state = state;
    this.#openPort = Number(new URL(url).port);
    if (this.#hasServed) {
      if (state === 'serving') reportInfo(`process ${place.number} of the API serves again`);
      return;
    }
    const count = this.#places.length;
    if (this.#places.some((one) => one.state === 'starting')) return;
    if (this.#places.every((one) => one.state === 'serving')) {
      this.#hasServed = true;
      reportInfo(`serving ${store} on ${url} by ${count} processes`);
    } else if (!this.#hasListened && this.#places.every((one) => one.state === 'listening'))
      reportInfo(`listening on ${url} by ${count} processes; answering 503 until the database is there`);
    this.#hasListened = true;
  }

  #noteEnd(place: Place, how: string): void {
    const { number, error, state } = place;
    Object.assign(place, { worker: undefined, state: 'starting' });
    this.metrics.remove(number);
    for (const limit of Object.values(this.#limits)) limit.forget(number);
    if (this.#isStopping) this.#lookIfGone();
    else if (this.#hasServed || (this.#hasListened && error === undefined)) {
      this.#startLater(place, how, error);
      if (state !== 'starting') this.#keepPort();
    } else {
      const reason =
        error ?? new DaymarkError('PROCESS_ENDED', `Process ${number} of the API ended: ${how}.`);
      this.#ended.reject(reason);
    }
  }

  #startLater(place: Place, how: string, error: Error | undefined): void {
    const isWell = performance.now() - place.beganMs >= PROCESS_WELL_MS;
    place.tries = isWell ? 0 : place.tries + 1;
    const waitMs = backoffMs(place.tries, Math.random());
    this.#ownMetrics.counter('daymark_process_restarts_total').inc();
    const then = `it is started again in ${(waitMs / 1000).toFixed(1)} s`;
    if (error instanceof DaymarkError)
      reportOutage(`process ${place.number} of the API ended; ${then}`, error);
    else {
      const detail = `Process ${place.number} of the API ended: ${error?.message ?? how}; ${then}.`;
      reportWarning(new DaymarkError('PROCESS_ENDED', detail));
    }
    place.timer = setTimeout(() => this.#start(place), waitMs);
  }

  /**
   * With the last process that listens, a port that the system chose is given up. From then on it is named. Those that start just
   * now would get another one.
   */
  #keepPort(): void {
    if (this.#port !== 0 || this.#places.some(({ state }) => state !== 'starting')) return;
    this.#port = this.#openPort;
    for (const { worker } of this.#places) worker?.process.kill('SIGKILL');
  }

  #lookIfGone(): void {
    if (this.#places.every(({ worker }) => worker === undefined)) this.#gone.resolve();
  }

  #newLimit(name: LimitName, bounds: LimitBounds): SharedLimit {
    const tell = (number: number, message: Extract<ToProcess, { kind: 'limit' }>['message']) => {
      const worker = this.#places[number - 1]?.worker;
      if (worker) send(worker, { kind: 'limit', name, message });
    };
    return new SharedLimit(bounds, this.#settings.PROCESSES, tell, sharedClockMs);
  }

  /** Asks a process for its metrics. @returns undefined where it does not answer in time. */
  #measure(number: number): Promise<MetricsSnapshot | undefined> {
    const worker = this.#places[number - 1]?.worker;
    if (!worker) return Promise.resolve(undefined);
    const id = this.#measured++;
    return new Promise<MetricsSnapshot | undefined>((resolve) => {
      const late = setTimeout(() => resolve(undefined), METRICS_PROCESS_WAIT_MS);
      this.#measuring.set(id, (snapshot) => {
        clearTimeout(late);
        resolve(snapshot);
      });
      send(worker, { kind: 'measure', id });
    }).finally(() => this.#measuring.delete(id));
  }

  async #sendMetrics(worker: Worker, id: number): Promise<void> {
    const text = await this.metrics.text().catch(() => undefined);
    send(worker, { kind: 'metrics of all', id, text });
  }
}

function newPlace(number: number): Place {
  return {
    ...{ number, worker: undefined, beganMs: 0, tries: 0, timer: undefined },
    ...{ state: 'starting', error: undefined },
  };
}

/** A file of this folder, which has its own bundle (`scripts/build.ts`). The executable starts itself (`src/executable.ts`). */
function programOfProcess(): string {
  if (IS_EXECUTABLE) return process.execPath;
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./api-process.${extension}`, import.meta.url));
}

/** A process that ends meanwhile needs no message. */
function send(worker: Worker, message: ToProcess): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
