import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";

/** A UUIDv7 with the current time. */
export const freshId = (): Uuid => uuidV7(Date.now());
