import { ThreadQueue } from "./thread-queue.ts";

interface LaneJob {
  orgId: string;
  isSmall: boolean;
}

/** Maximum number of waiting jobs per organisation and lane. */
const WAITING_MAX = 64;

/**
 * Jobs that wait for a thread, in two lanes. Large checks never use the last thread, so they do not delay small ones. A
 * large check goes first if no other large one is running. No organisation gets all threads of a lane, unless it has only one.
 */
export class ThreadLanes<Job extends LaneJob> {
  readonly #small: ThreadQueue<Job>;
  readonly #large: ThreadQueue<Job>;
  readonly #largeMax: number;
  #largeRunning = 0;

  constructor(threads: number) {
    this.#largeMax = Math.max(1, threads - 1);
    this.#small = new ThreadQueue(Math.max(1, threads - 1), WAITING_MAX);
    this.#large = new ThreadQueue(Math.max(1, threads - 2), WAITING_MAX);
  }

  /** False: too many jobs wait. */
  add(job: Job): boolean {
    return this.#of(job).add(job);
  }

  /** Removes a waiting job. */
  remove(job: Job): void {
    this.#of(job).remove(job);
  }

  /** The next job. It counts as running until `done`. */
  take(): Job | undefined {
    if (this.#largeRunning === 0) return this.#takeLarge() ?? this.#small.take();
    return this.#small.take() ?? this.#takeLarge();
  }

  done(job: Job): void {
    if (!job.isSmall) this.#largeRunning--;
    this.#of(job).done(job);
  }

  get isEmpty(): boolean {
    return this.#small.isEmpty && this.#large.isEmpty;
  }

  /** Removes and returns all waiting jobs. */
  drain(): Job[] {
    return [...this.#small.drain(), ...this.#large.drain()];
  }

  #takeLarge(): Job | undefined {
    const job = this.#largeRunning < this.#largeMax ? this.#large.take() : undefined;
    if (job) this.#largeRunning++;
    return job;
  }

  #of({ isSmall }: Job): ThreadQueue<Job> {
    return isSmall ? this.#small : this.#large;
  }
}
