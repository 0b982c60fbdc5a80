import { Interrupted } from '../../source/contract.ts';

/**
 * Long work that is done in turns. It calls {@link yieldPoint} again and again. Where its turn is over, the call lasts until
 * the next turn. So the work can be held in the middle of anything, and nothing else runs at the same time.
 */
export class CooperativeTask<T> {
  readonly #start: () => Promise<T>;
  readonly #isTurnOver: () => boolean;
  #work: Promise<void> | undefined;
  #result: { readonly value: T } | undefined;
  #turn = Promise.withResolvers<void>();
  /** Where it waits for its next turn. */
  #held: PromiseWithResolvers<void> | undefined;

  constructor(start: () => Promise<T>, isTurnOver: () => boolean) {
    this.#start = start;
    this.#isTurnOver = isTurnOver;
  }

  /** For the work: resolves at once while the turn lasts. @throws {Interrupted} where the work is to end. */
  async yieldPoint(): Promise<void> {
    if (!this.#isTurnOver()) return;
    this.#held = Promise.withResolvers();
    this.#turn.resolve();
    await this.#held.promise;
  }

  /**
   * Lets it work until it is done or its turn is over.
   * @returns its result; undefined where it is held.
   * @throws what it throws.
   */
  async turn(): Promise<{ readonly value: T } | undefined> {
    this.#turn = Promise.withResolvers();
    this.#goOn();
    await this.#turn.promise;
    return this.#result;
  }

  #goOn(): void {
    this.#held?.resolve();
    this.#held = undefined;
    this.#work ??= this.#start().then(
      (value) => {
        this.#result = { value };
        this.#turn.resolve();
      },
      (error) => this.#turn.reject(error),
    );
  }

  /** Ends it where it is held, and waits until it has closed what it has open. */
  async interrupt(): Promise<void> {
    // Nobody waits for the turn in which it ends.
    this.#turn = Promise.withResolvers();
    this.#turn.promise.catch(() => undefined);
    this.#held?.reject(new Interrupted());
    this.#held = undefined;
    await this.#work;
  }
}
