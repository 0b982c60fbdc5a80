/** Clients of an API: they ask all the time, over connections that come and go, and every answer is judged. */

import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib';
import type { Choice } from '../support/random-choice.ts';
import type { OutageClock } from './outage-clock.ts';
import type { Question } from './questions.ts';

const CLIENTS = 8;
const CONNECTIONS_A_CLIENT = 2;
/** A client goes, and a new one comes in its place, after so many questions at the most. */
const MAX_QUESTIONS_A_CLIENT = 400;
/** Where the API is slower than it is asked, further questions are left out. */
const MAX_IN_FLIGHT = 100;
/** One question in so many is broken off by its client. */
const ABORT_ONCE_IN = 50;
const ABORT_WITHIN_MS = 30;
/** One in so many asks whether anything has changed, where it knows a tag. */
const CONDITIONAL_ONCE_IN = 3;
const MAX_TAGS = 500;

const ENCODINGS = ['gzip', 'br', 'zstd', ''];
const DECODERS = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

/** What the API says while the database is away. */
const OUTAGE_CODE = /"code":\s*"STORE_(UNREACHABLE|REFUSED|BUSY)"/;
const OVERLOAD_CODE = /"code":\s*"OVERLOADED"/;
/** Faults that are kept to be shown. */
const MAX_FAULTS = 20;

export interface Interval {
  readonly requests: number;
  readonly latenciesMs: readonly number[];
}

export class ApiLoad {
  readonly #url: string;
  readonly #choice: Choice;
  readonly #outages: OutageClock;
  readonly #clients: { agent: Agent; questionsLeft: number }[] = [];
  readonly #tags = new Map<string, string>();
  readonly #inFlight = new Set<Promise<void>>();
  #interval: { requests: number; latenciesMs: number[] } = { requests: 0, latenciesMs: [] };
  /** By who asks what and the status: how often. */
  readonly tally = new Map<string, number>();
  readonly faults: string[] = [];
  faultCount = 0;
  answers = 0;
  aborted = 0;
  /** Answers that said that the API is overloaded. */
  overloaded = 0;
  /** Answers and broken connections because the database was away. */
  outageAnswers = 0;
  leftOut = 0;

  constructor(url: string, choice: Choice, outages: OutageClock) {
    this.#url = url;
    this.#choice = choice;
    this.#outages = outages;
    for (let i = 0; i < CLIENTS; i++) this.#clients.push(this.#newClient());
  }

  #newClient() {
    return {
      agent: new Agent({ keepAlive: true, maxSockets: CONNECTIONS_A_CLIENT }),
      questionsLeft: 1 + this.#choice.below(MAX_QUESTIONS_A_CLIENT),
    };
  }

  /** Asks, and does not wait for the answer. @returns false where it does not ask, because too many are unanswered. */
  ask(question: Question): boolean {
    if (this.#inFlight.size >= MAX_IN_FLIGHT) {
      this.leftOut++;
      return false;
    }
    const asking = this.#ask(question).finally(() => this.#inFlight.delete(asking));
    this.#inFlight.add(asking);
    return true;
  }

  async #ask(question: Question): Promise<void> {
    const agent = this.#agent();
    const encoding = this.#choice.of(ENCODINGS);
    const tagKey = `${question.credential} ${question.path} ${encoding}`;
    const tag = this.#choice.once(CONDITIONAL_ONCE_IN) ? this.#tags.get(tagKey) : undefined;
    const abortMs = this.#choice.once(ABORT_ONCE_IN) ? this.#choice.below(ABORT_WITHIN_MS) : undefined;
    const [beganMs, began] = [Date.now(), performance.now()];
    try {
      const answer = await this.#answer(question, { agent, encoding, tag, abortMs });
      if (abortMs !== undefined) return;
      this.#interval.requests++;
      this.#interval.latenciesMs.push(performance.now() - began);
      if (answer.status === 200 && answer.tag) this.#keepTag(tagKey, answer.tag);
      this.#judge(question, answer, tag !== undefined, beganMs);
    } catch (error) {
      if (abortMs !== undefined) this.aborted++;
      else this.#noteBroken(question, error, beganMs);
    }
  }

  #agent(): Agent {
    const i = this.#choice.below(this.#clients.length);
    const client = this.#clients[i];
    if (client === undefined || client.questionsLeft-- > 0) return client?.agent ?? this.#newClient().agent;
    // Its own questions are among those that are still answered.
    void Promise.all(this.#inFlight).then(() => client.agent.destroy());
    const fresh = this.#newClient();
    this.#clients[i] = fresh;
    return fresh.agent;
  }

  #keepTag(key: string, tag: string): void {
    this.#tags.set(key, tag);
    const [oldest] = this.#tags.keys();
    if (this.#tags.size > MAX_TAGS && oldest !== undefined) this.#tags.delete(oldest);
  }

  async #answer(
    { path, method, credential, address }: Question,
    how: { agent: Agent; encoding: string; tag: string | undefined; abortMs: number | undefined },
  ): Promise<Answer> {
    const headers = {
      'x-forwarded-for': address,
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...(how.encoding === '' ? {} : { 'accept-encoding': how.encoding }),
      ...(how.tag === undefined ? {} : { 'if-none-match': how.tag }),
    };
    const asked = request(this.#url + path, { method, agent: how.agent, headers });
    const timer = how.abortMs === undefined ? undefined : setTimeout(() => asked.destroy(), how.abortMs);
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        asked.on('response', resolve).on('error', reject).end();
      });
      return {
        status: response.statusCode ?? 0,
        tag: response.headers.etag,
        body: await bodyOf(response, method),
      };
    } finally {
      clearTimeout(timer);
    }
  }

  #judge(question: Question, { status, body }: Answer, isConditional: boolean, beganMs: number): void {
    const endedMs = Date.now();
    this.answers++;
    const key = `${question.about}: ${status}`;
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1);
    // The answer to HEAD has no code.
    if (status === 503 && (question.method === 'HEAD' || OUTAGE_CODE.test(body))) {
      if (question.needsDatabase && this.#outages.overlaps(beganMs, endedMs)) {
        this.outageAnswers++;
        return;
      }
    }
    if (status === 503 && (question.method === 'HEAD' || OVERLOAD_CODE.test(body))) {
      this.overloaded++;
      return;
    }
    const expected = question.expected(beganMs, endedMs);
    const isRight = expected.includes(status) || (status === 304 && isConditional && expected.includes(200));
    if (!isRight)
      this.#fault(question, `${status} instead of ${expected.join(' or ')}: ${body.slice(0, 300)}`);
    if (status === 200) this.#judgeRows(question, body);
  }

  /** No customer is named `cust_` and a number anywhere else than in its own rows. */
  #judgeRows(question: Question, body: string): void {
    const { readable } = question;
    if (readable === undefined || question.about.endsWith('public')) return;
    const others = [...body.matchAll(/cust_\d+/g)].map(([id]) => id).filter((id) => id !== readable);
    if (others.length > 0) this.#fault(question, `rows of ${others.slice(0, 5).join(', ')}`);
  }

  #noteBroken(question: Question, error: unknown, beganMs: number): void {
    if (this.#outages.overlaps(beganMs, Date.now())) this.outageAnswers++;
    else this.#fault(question, String(error));
  }

  #fault(question: Question, what: string): void {
    this.faultCount++;
    if (this.faults.length >= MAX_FAULTS) return;
    const { about, method, path } = question;
    this.faults.push(`${new Date().toISOString()} ${about}: ${method} ${path}: ${what}`);
  }

  /** @returns what was answered since the last call. */
  takeInterval(): Interval {
    const interval = this.#interval;
    this.#interval = { requests: 0, latenciesMs: [] };
    return interval;
  }

  /** Waits for all answers that are due, and ends the connections. */
  async end(): Promise<void> {
    await Promise.all(this.#inFlight);
    for (const { agent } of this.#clients) agent.destroy();
  }
}

interface Answer {
  readonly status: number;
  readonly tag: string | undefined;
  readonly body: string;
}

async function bodyOf(response: IncomingMessage, method: string): Promise<string> {
  const encoding = response.headers['content-encoding'] as keyof typeof DECODERS | undefined;
  if (encoding === undefined || method === 'HEAD' || response.statusCode === 304) return await text(response);
  const decoder = DECODERS[encoding]();
  response.on('error', (error) => decoder.destroy(error)).pipe(decoder);
  return await text(decoder);
}
