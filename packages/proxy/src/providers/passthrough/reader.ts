import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AnswerReport } from "../../wires/answer-report.ts";

/** Reads one response with status 2xx and passes it to the sink. Calls `end` or `fail` of the sink exactly once. */
export interface Reader {
  /** False: the client reads too slowly; wait for `resume`. */
  data(chunk: Buffer): boolean;
  /** The client can take more. Not needed by a reader that buffers nothing. */
  resume?(): void;
  end(): void;
  broken(fault: UpstreamFault): void;
  /** The connection is closed from our side: the sink is not called again. Not needed by a reader without timers. */
  stop?(): void;
  report(): AnswerReport;
  /** Whether the model has said something. Not needed by a reader of what is not streamed. */
  hasOutput?(): boolean;
}
