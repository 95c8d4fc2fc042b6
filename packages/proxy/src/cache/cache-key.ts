import { createHash } from "node:crypto";
import type { ModelPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { writingSorted } from "../body/json-text.ts";
import type { Steps } from "../body/steps.ts";

/**
 * SHA-256, hex, over tenant, model with its targets, surface and the whole body: an answer is repeated only for the same
 * question asked of the same targets by the same tenant. The order of an object's names means nothing and is sorted
 * away; everything else counts, `stream` too, because the answer is kept as the bytes a client got.
 */
export function cacheKey(orgId: Uuid, model: ModelPolicy, surface: string, body: object): string {
  return createHash("sha256")
    .update(JSON.stringify([...questioned(orgId, model, surface), sorted(body)]))
    .digest("hex");
}

/** The same key in steps, for a large body. */
export function* makingCacheKey(orgId: Uuid, model: ModelPolicy, surface: string, body: object): Steps<string> {
  const hash = createHash("sha256").update(`${JSON.stringify(questioned(orgId, model, surface)).slice(0, -1)},`);
  yield* writingSorted(body, (piece) => hash.update(piece));
  return hash.update("]").digest("hex");
}

const questioned = (orgId: Uuid, model: ModelPolicy, surface: string): unknown[] => [
  orgId,
  model.id,
  model.targets.map(({ id, upstreamModel }) => [id, upstreamModel]),
  surface,
];

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // Pairs and not an object: a name such as `__proto__` or `1` must not move or vanish.
  return { pairs: entries.map(([name, inner]) => [name, sorted(inner)]) };
}
