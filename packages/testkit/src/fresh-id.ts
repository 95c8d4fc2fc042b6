import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";

/** A UUIDv7 of this time, by default the current one. */
export const freshId = (atMs: number = Date.now()): Uuid => uuidV7(atMs);
