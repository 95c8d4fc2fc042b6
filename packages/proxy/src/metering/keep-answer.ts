import type { Answered, Ending } from "../call.ts";
import type { Ports } from "../ports.ts";
import type { AnswerReport } from "../wires/answer-report.ts";

/**
 * Puts a whole answer into the cache: one that was cut short, filtered or is empty would be repeated to everybody. Best
 * effort: a failure is logged.
 */
export function keepAnswer(ports: Ports, call: Answered, body: Buffer, { use }: Ending, report: AnswerReport): void {
  const { cacheEntry, candidate, answer } = call;
  if (!cacheEntry || !candidate || !report.isWhole) return;
  const kept = {
    contentType: answer.head.headers["content-type"] ?? "application/json",
    // Of its own: what came in one piece from the network is a part of a larger buffer.
    body: Buffer.from(call.asked.stream ? call.surface.wire.answer.forRepeats(body) : body),
    provider: candidate.provider.id,
    upstreamModel: candidate.target.upstreamModel,
    use,
  };
  void Promise.resolve(ports.cache.set(cacheEntry.key, kept, cacheEntry.ttlSeconds)).catch((error: unknown) => {
    ports.log.warn({ err: String(error) }, "answer not kept");
  });
}
