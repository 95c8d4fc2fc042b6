import { withOwnIds } from "../own-ids.ts";
import type { AnswerContext } from "../wire.ts";

/**
 * The response at `path` in the JSON, with ids that the client may use. An answer repeats the id of the earlier response
 * that the client named.
 */
export const ownIds = (json: Buffer, path: readonly string[], context: AnswerContext): Buffer =>
  withOwnIds(json, path, context.sealId);
