import type { Answered } from "../call.ts";
import type { CutReason } from "../cut.ts";
import type { Ports } from "../ports.ts";
import type { AnswerHead, Failure } from "../providers/adapter.ts";
import type { AnswerReport } from "../wires/answer-report.ts";

export type StreamEnd =
  /** `body`: all bytes, when they are to be cached. */
  | { kind: "complete"; report: AnswerReport; body: Buffer | null }
  | { kind: "failed"; report: AnswerReport; failure: Failure }
  | { kind: "cut"; report: AnswerReport; reason: CutReason };

const CACHED_STREAM_BYTES_MAX = 1024 * 1024;
const WATCH_MS = 1_000;

/** Comments and error frames can be written only between events. */
export const isEventStream = ({ headers }: AnswerHead): boolean =>
  headers["content-type"]?.startsWith("text/event-stream") === true;

/** Passes a stream from provider to client with back-pressure, until either side ends it. */
export function pourStream(ports: Ports, call: Answered): Promise<StreamEnd> {
  const { exchange, answer, cut, cacheEntry, grant } = call;
  const { keepaliveMs, writeStallMs, leftDrainMs } = ports.settings;
  const { promise, resolve } = Promise.withResolvers<StreamEnd>();
  let kept: Buffer[] | null = cacheEntry ? [] : null;
  let keptBytes = 0;
  let wroteAt = performance.now();
  let isBlocked = false;
  call.firstTokenMs = wroteAt - call.startedAt;

  const keepCopy = (chunk: Uint8Array): void => {
    keptBytes += chunk.length;
    if (keptBytes > CACHED_STREAM_BYTES_MAX) kept = null;
    kept?.push(Buffer.from(chunk));
  };
  const isEvents = isEventStream(answer.head);
  // Chunks end at event boundaries, so a comment can be written between two chunks.
  const watch = (): void => {
    const silentMs = performance.now() - wroteAt;
    if (ports.directory.key(grant.key.publicId)?.state === "revoked") cut.cut("key_revoked");
    else if (isBlocked && silentMs >= writeStallMs) exchange.cut();
    else if (isEvents && !isBlocked && silentMs >= keepaliveMs) {
      wroteAt = performance.now();
      exchange.write(": keepalive\n\n");
    }
  };
  const watcher = setInterval(watch, Math.min(WATCH_MS, keepaliveMs));
  const end = (how: StreamEnd): void => {
    clearInterval(watcher);
    stop();
    resolve(how);
  };

  const flowOn = (): void => {
    isBlocked = false;
    answer.resume();
  };
  exchange.onDrain(flowOn);
  if (leftDrainMs > 0) exchange.onLeft(flowOn);
  const cutOff = (reason: CutReason): void => {
    answer.abort();
    end({ kind: "cut", reason, report: answer.report() });
  };
  let stop = (): void => {};
  stop = cut.listen(cutOff, leftDrainMs);
  answer.pour({
    onChunk(chunk) {
      wroteAt = performance.now();
      if (kept) keepCopy(chunk);
      isBlocked = !exchange.write(chunk);
      return !isBlocked;
    },
    onEnd: (report) => end({ kind: "complete", report, body: kept && Buffer.concat(kept) }),
    onFail: (failure, report) => end({ kind: "failed", failure, report }),
  });
  return promise;
}
