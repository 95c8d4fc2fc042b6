import { type AnswerReport, NOTHING_YET } from "../../wires/answer-report.ts";
import type { Flight } from "../adapter.ts";

/** A call that begins when its credential is ready. An abort before that means that nothing is sent. */
export class DeferredFlight implements Flight {
  #flight: Flight | undefined;
  #isAborted = false;

  constructor(ready: Promise<() => Flight>, fail: (error: unknown) => void) {
    ready.then(
      (begin) => {
        if (!this.#isAborted) this.#flight = begin();
      },
      (error: unknown) => {
        if (!this.#isAborted) fail(error);
      },
    );
  }

  resume(): void {
    this.#flight?.resume();
  }

  abort(): void {
    this.#isAborted = true;
    this.#flight?.abort();
  }

  hasOutput(): boolean {
    return this.#flight?.hasOutput?.() ?? false;
  }

  isSent(): boolean {
    return this.#flight?.isSent() ?? false;
  }

  report(): AnswerReport {
    return this.#flight?.report() ?? NOTHING_YET;
  }
}
