import type { ModelPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";

/** SHA-256 over tenant, model (with its targets), surface and the canonical body. Hex. */
export declare function cacheKey(
  orgId: Uuid,
  model: ModelPolicy,
  surface: string,
  body: Readonly<Record<string, unknown>>,
): string;
