import { forRepeats } from "../cached-answer.ts";
import type { Answered, Ending } from "../call.ts";
import type { Ports } from "../ports.ts";

/** Puts a complete answer into the cache. Best effort: one that cannot be kept is an answer all the same. */
export function keepAnswer(ports: Ports, call: Answered, body: Buffer, { tokens }: Ending): void {
  const { cacheEntry, candidate, answer } = call;
  if (!cacheEntry || !candidate) return;
  const kept = {
    contentType: answer.head.headers["content-type"] ?? "application/json",
    body: call.asked.stream ? forRepeats(body) : body,
    provider: candidate.provider.id,
    upstreamModel: candidate.target.upstreamModel,
    tokens,
  };
  void Promise.resolve(ports.cache.set(cacheEntry.key, kept, cacheEntry.ttlSeconds)).catch((error: unknown) => {
    ports.log.warn({ err: String(error) }, "answer not kept");
  });
}
