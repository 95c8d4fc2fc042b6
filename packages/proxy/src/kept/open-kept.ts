import { setTimeout as pause } from "node:timers/promises";
import { responseBoxes } from "@tollgate/vault/response-box";
import type { Log } from "../ports.ts";
import { KeptResponses } from "./kept-responses.ts";
import { openMemoryStore } from "./memory-store.ts";
import { openRedisStore } from "./redis-store.ts";

interface Given {
  TOLLGATE_RESPONSES_BYTES_MAX: number;
  TOLLGATE_RESPONSES_TTL_MS: number;
  REDIS_URL?: string | undefined;
  /** At least 32 secret bytes. */
  key: Uint8Array;
  log: Log;
}

/** How long a missing response is waited for. */
const WRITING_MS = 100;

/** Null: responses are not kept. */
export function openKept(given: Given): KeptResponses | null {
  const { REDIS_URL: url, TOLLGATE_RESPONSES_BYTES_MAX: bytesMax, key, log } = given;
  if (bytesMax === 0) return null;
  const bounds = { bytesMax, ttlMs: given.TOLLGATE_RESPONSES_TTL_MS };
  const boxes = responseBoxes(key);
  const onError = (error: unknown): void =>
    log.warn({ err: error instanceof Error ? error.message : String(error) }, "the store of responses has a problem");
  if (url === undefined) return new KeptResponses({ store: openMemoryStore(bounds), boxes, onError });
  const store = openRedisStore({ ...bounds, url, onError });
  return new KeptResponses({ store, boxes, onError, pause: () => pause(WRITING_MS) });
}
