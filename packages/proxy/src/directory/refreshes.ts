import type { Uuid } from "@tollgate/contracts/ids";

interface Run {
  isWanted: boolean;
  done: Promise<void>;
}

/** Reads organisations again, few at a time. A caller waits for a read that began after its request, and gets its failure. */
export class Refreshes {
  readonly #read: (orgId: Uuid) => Promise<void>;
  readonly #runs = new Map<Uuid, Run>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(read: (orgId: Uuid) => Promise<void>, most: number) {
    this.#read = read;
    this.#free = most;
  }

  runs(orgId: Uuid): boolean {
    return this.#runs.has(orgId);
  }

  run(orgId: Uuid): Promise<void> {
    const running = this.#runs.get(orgId);
    if (running) running.isWanted = true;
    return this.underWay(orgId);
  }

  /** The same, but a reading that runs already will do. */
  underWay(orgId: Uuid): Promise<void> {
    let run = this.#runs.get(orgId);
    if (!run) {
      run = { isWanted: true, done: Promise.resolve() };
      this.#runs.set(orgId, run);
      run.done = this.#repeat(orgId, run);
    }
    return run.done;
  }

  async #repeat(orgId: Uuid, run: Run): Promise<void> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      while (run.isWanted) {
        run.isWanted = false;
        await this.#read(orgId);
      }
    } finally {
      this.#runs.delete(orgId);
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
