import { createHash } from "node:crypto";
import type { ModelPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";

/**
 * SHA-256, hex, over tenant, model with its targets, surface and the whole body: an answer is repeated only for the same
 * question asked of the same targets by the same tenant. The order of an object's names means nothing and is sorted
 * away; everything else counts, `stream` too, because the answer is kept as the bytes a client got.
 */
export function cacheKey(
  orgId: Uuid,
  model: ModelPolicy,
  surface: string,
  body: Readonly<Record<string, unknown>>,
): string {
  const targets = model.targets.map(({ id, upstreamModel }) => [id, upstreamModel]);
  return createHash("sha256")
    .update(JSON.stringify([orgId, model.id, targets, surface, sorted(body)]))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // Pairs and not an object: a name such as `__proto__` or `1` must not move or vanish.
  return { pairs: entries.map(([name, inner]) => [name, sorted(inner)]) };
}
