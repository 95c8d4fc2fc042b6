import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";

/** A UUIDv7 of now. */
export const freshId = (): Uuid => uuidV7(Date.now());
