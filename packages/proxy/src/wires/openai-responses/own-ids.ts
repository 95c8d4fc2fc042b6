import type { IdPlaces } from "../id-places.ts";
import { withOwnIds } from "../own-ids.ts";
import { sealedIds } from "../sealed-ids.ts";
import type { IdSeals } from "../wire.ts";

/**
 * JSON with the response at `path`, with ids that the client may use. An answer repeats the id of the earlier response that the
 * client named. `stored`: where it has ids of files and containers.
 */
export const ownIds = (json: Buffer, path: readonly string[], stored: IdPlaces, seals: IdSeals): Buffer =>
  sealedIds(withOwnIds(json, path, seals.sealId), stored, seals.sealStored);
