import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AnswerReport } from "../../wires/answer-report.ts";

/** Reads one good answer in passing. Hands it to the sink and ends or fails that exactly once. */
export interface Reader {
  /** False: the client is full. */
  data(chunk: Buffer): boolean;
  /** The client has room again; absent where nothing is held back. */
  resume?(): void;
  end(): void;
  broken(fault: UpstreamFault): void;
  report(): AnswerReport;
}
