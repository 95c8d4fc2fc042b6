import type { Answered, Ending } from "../call.ts";
import type { Ports } from "../ports.ts";
import type { AnswerReport } from "../wires/answer-report.ts";

/** A larger answer is not stored: copying it would hold the event loop. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Stores a complete answer in the cache. An answer that was cut, filtered or empty is not stored, because it would be
 * repeated to every caller. A failure is only logged.
 */
export function keepAnswer(ports: Ports, call: Answered, body: Buffer, { use }: Ending, report: AnswerReport): void {
  const { cacheEntry, candidate, answer } = call;
  if (!cacheEntry || !candidate || !report.isWhole || body.length > KEPT_BYTES_MAX) return;
  const kept = {
    contentType: answer.head.headers["content-type"] ?? "application/json",
    // The body is copied, because it may be part of a larger network buffer.
    body: Buffer.from(call.asked.stream ? call.surface.wire.answer.forRepeats(body) : body),
    provider: candidate.provider.id,
    upstreamModel: candidate.target.upstreamModel,
    use,
  };
  void Promise.resolve(ports.cache.set(cacheEntry.key, kept, cacheEntry.ttlSeconds)).catch((error: unknown) => {
    ports.log.warn({ err: String(error) }, "answer not stored in the cache");
  });
}
