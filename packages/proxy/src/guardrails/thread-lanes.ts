import { ThreadQueue } from "./thread-queue.ts";

interface LaneJob {
  orgId: string;
  isSmall: boolean;
}

/** Jobs of one organisation that wait in one lane. */
const WAITING_MAX = 64;

/**
 * What waits for a thread, in two lanes. Large checks never take the last thread, so small ones are not held up by them;
 * a large one goes first while no other runs. No organisation has all threads of a lane, unless there is only one.
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

  /** False: too many wait. */
  add(job: Job): boolean {
    return this.#of(job).add(job);
  }

  /** Drops a job that waits no longer. */
  remove(job: Job): void {
    this.#of(job).remove(job);
  }

  /** The next job, which counts as running until `done`. */
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

  /** Every job that waits; none waits afterwards. */
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
