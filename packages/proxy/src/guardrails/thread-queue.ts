/** Waiting jobs. Organisations take turns, and each has a maximum of running jobs. */
export class ThreadQueue<Job extends { orgId: string }> {
  readonly #waiting = new Map<string, Job[]>();
  readonly #running = new Map<string, number>();
  readonly #runningMax: number;
  readonly #waitingMax: number;

  /** `runningMax` and `waitingMax`: maximum number of running and of waiting jobs per organisation. */
  constructor(runningMax: number, waitingMax: number) {
    this.#runningMax = runningMax;
    this.#waitingMax = waitingMax;
  }

  /** False: too many jobs wait. */
  add(job: Job): boolean {
    const jobs = this.#waiting.get(job.orgId) ?? [];
    if (jobs.length >= this.#waitingMax) return false;
    jobs.push(job);
    this.#waiting.set(job.orgId, jobs);
    return true;
  }

  /** Removes a waiting job. */
  remove(job: Job): void {
    const jobs = this.#waiting.get(job.orgId)?.filter((each) => each !== job) ?? [];
    if (jobs.length > 0) this.#waiting.set(job.orgId, jobs);
    else this.#waiting.delete(job.orgId);
  }

  /** The next job. It counts as running until `done`. */
  take(): Job | undefined {
    for (const [orgId, jobs] of this.#waiting) {
      const running = this.#running.get(orgId) ?? 0;
      if (running >= this.#runningMax) continue;
      const job = jobs.shift();
      // If it has more jobs, it goes to the end of the line.
      this.#waiting.delete(orgId);
      if (jobs.length > 0) this.#waiting.set(orgId, jobs);
      this.#running.set(orgId, running + 1);
      return job;
    }
    return undefined;
  }

  done({ orgId }: Job): void {
    const running = (this.#running.get(orgId) ?? 1) - 1;
    if (running > 0) this.#running.set(orgId, running);
    else this.#running.delete(orgId);
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Removes and returns all waiting jobs. */
  drain(): Job[] {
    const jobs = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return jobs;
  }
}
