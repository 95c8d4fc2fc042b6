import { TollgateError } from "@tollgate/contracts/errors";

/** How a call may use the cache. */
export interface CacheControl {
  read: boolean;
  write: boolean;
  /** At most the model's TTL. */
  ttlSeconds: number;
}

const TTL = /^ttl=(\d{1,9})$/;

/** Reads `x-tollgate-cache`: `no-store` (neither read nor write), `refresh` (write only) or `ttl=60`. Throws 400. */
export function cacheControl(header: string | undefined, modelTtlSeconds: number): CacheControl {
  const asked = header?.trim().toLowerCase();
  if (asked === undefined || asked === "") return { read: true, write: true, ttlSeconds: modelTtlSeconds };
  if (asked === "no-store") return { read: false, write: false, ttlSeconds: 0 };
  if (asked === "refresh") return { read: false, write: true, ttlSeconds: modelTtlSeconds };
  const ttlSeconds = Number(TTL.exec(asked)?.[1] ?? 0);
  if (ttlSeconds > 0) return { read: true, write: true, ttlSeconds: Math.min(ttlSeconds, modelTtlSeconds) };
  const param = "x-tollgate-cache";
  throw new TollgateError("invalid_value", `${param} must be no-store, refresh or ttl=<seconds>.`, { param });
}
