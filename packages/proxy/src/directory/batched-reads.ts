/** The object could not be read: Postgres was not reached, or too many reads are waiting. */
export class NotRead extends Error {}

interface Wanted<Answer> {
  promise: Promise<Answer>;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
  /** It changed while it was being read, so it is read again before the answer. */
  isAgain: boolean;
}

interface Failed {
  untilMs: number;
  waitMs: number;
}

export interface BatchedReadsOptions<Answer> {
  /** Reads several names at once. A name that is not in the answer does not exist. */
  ask: (names: string[]) => Promise<Map<string, Answer>>;
  /** Called with each answer before the caller gets it. An error rejects only that name. */
  apply: (name: string, answer: Answer | undefined) => void;
  /** Maximum number of names in one read. */
  most: number;
  /** A read failed, so these names got no answer. */
  onFailed: (error: unknown, names: readonly string[]) => void;
}

const WAITING_MAX = 20_000;
const [RETRY_MS, RETRY_MS_MAX] = [100, 5_000];

/**
 * Reads by name. One read runs at a time and contains all waiting names, each once. After a failure, names are read one
 * by one, so that one unreadable name does not fail the others. A name that failed is not read again for a while.
 */
export class BatchedReads<Answer> {
  readonly #options: BatchedReadsOptions<Answer>;
  readonly #waiting = new Map<string, Wanted<Answer | undefined>>();
  #running = new Map<string, Wanted<Answer | undefined>>();
  readonly #failed = new Map<string, Failed>();
  #isBusy = false;
  #most: number;

  constructor(options: BatchedReadsOptions<Answer>) {
    this.#options = options;
    this.#most = options.most;
  }

  /** The answer of the next read, or of the current one if it contains the name. */
  read(name: string): Promise<Answer | undefined> {
    const wanted = this.#running.get(name) ?? this.#waiting.get(name);
    if (wanted) return wanted.promise;
    const failed = this.#failed.get(name);
    if (failed && performance.now() < failed.untilMs) return Promise.reject(new NotRead("it failed just before"));
    if (this.#waiting.size >= WAITING_MAX) return Promise.reject(new NotRead("too many are waiting"));
    const added = { ...Promise.withResolvers<Answer | undefined>(), isAgain: false };
    // Some callers do not wait for the answer.
    added.promise.catch(() => {});
    this.#waiting.set(name, added);
    if (!this.#isBusy) void this.#run();
    return added.promise;
  }

  /** The object has changed: a running read may have its former state. */
  changed(name: string): void {
    const running = this.#running.get(name);
    if (running) running.isAgain = true;
    this.#failed.delete(name);
  }

  allChanged(): void {
    for (const running of this.#running.values()) running.isAgain = true;
    this.#failed.clear();
  }

  /** Allows names that failed to be read again at once. */
  retry(): void {
    this.#failed.clear();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    // Names that are requested in the same turn of the event loop are one read.
    await Promise.resolve();
    while (this.#waiting.size > 0) await this.#readOnce();
    this.#isBusy = false;
  }

  async #readOnce(): Promise<void> {
    const batch = new Map<string, Wanted<Answer | undefined>>();
    for (const [name, wanted] of this.#waiting) {
      if (batch.size >= this.#most) break;
      batch.set(name, wanted);
      this.#waiting.delete(name);
    }
    this.#running = batch;
    try {
      const answers = await this.#options.ask([...batch.keys()]);
      this.#most = Math.min(this.#options.most, this.#most * 2);
      this.#running = new Map();
      for (const [name, wanted] of batch) this.#answer(name, wanted, answers.get(name));
    } catch (error) {
      this.#running = new Map();
      this.#most = 1;
      for (const [name, { reject }] of batch) {
        this.#fail(name);
        reject(error);
      }
      this.#options.onFailed(error, [...batch.keys()]);
    }
  }

  #answer(name: string, wanted: Wanted<Answer | undefined>, answer: Answer | undefined): void {
    if (wanted.isAgain) {
      wanted.isAgain = false;
      this.#waiting.set(name, wanted);
      return;
    }
    try {
      this.#options.apply(name, answer);
      this.#failed.delete(name);
      wanted.resolve(answer);
    } catch (error) {
      this.#fail(name);
      wanted.reject(error);
    }
  }

  #fail(name: string): void {
    if (this.#failed.size >= WAITING_MAX) this.#failed.clear();
    const waitMs = Math.min(RETRY_MS_MAX, (this.#failed.get(name)?.waitMs ?? RETRY_MS / 2) * 2);
    this.#failed.set(name, { waitMs, untilMs: performance.now() + waitMs });
  }
}
