import { createHash } from "node:crypto";
import type { RoutedModel } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { writingSorted } from "../body/json-text.ts";
import type { Steps } from "../body/steps.ts";

/**
 * SHA-256 in hex over tenant, model with its targets, surface and the whole body. An answer is repeated only for the
 * same body, sent by the same tenant to the same targets. Names of objects are sorted, because their order has no
 * meaning. Everything else counts, also `stream`, because the answer is stored as the bytes that a client got.
 */
export function cacheKey(orgId: Uuid, model: RoutedModel, surface: string, body: object): string {
  return createHash("sha256")
    .update(JSON.stringify([...questioned(orgId, model, surface), sorted(body)]))
    .digest("hex");
}

/** The same key in steps, for a large body. */
export function* makingCacheKey(orgId: Uuid, model: RoutedModel, surface: string, body: object): Steps<string> {
  const hash = createHash("sha256").update(`${JSON.stringify(questioned(orgId, model, surface)).slice(0, -1)},`);
  yield* writingSorted(body, (piece) => hash.update(piece));
  return hash.update("]").digest("hex");
}

const questioned = (orgId: Uuid, model: RoutedModel, surface: string): unknown[] => [
  orgId,
  model.id ?? model.name,
  model.targets.map(({ id, upstreamModel }) => [id, upstreamModel]),
  surface,
];

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // Pairs instead of an object, in which a name such as `__proto__` or `1` would be moved or lost.
  return { pairs: entries.map(([name, inner]) => [name, sorted(inner)]) };
}
