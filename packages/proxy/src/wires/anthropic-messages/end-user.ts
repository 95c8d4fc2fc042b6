import { createHash } from "node:crypto";
import { type Fields, isFields, isString } from "../fields.ts";
import { wrongType } from "../request-fields.ts";

const CHARS_MAX = 128;
/** Claude Code's form. It ends in the session, which must not divide one user's limits. */
const CLAUDE_CODE = /^(user_[0-9a-f]{16,64})_account_/;

/**
 * The end user that `metadata.user_id` names. Limits count under the name, so an id that is too long for a name is
 * hashed. Null: the request names nobody.
 */
export function endUserOf({ metadata }: Fields): string | null {
  if (metadata === undefined || metadata === null) return null;
  if (!isFields(metadata)) throw wrongType("metadata", "an object");
  const id = metadata.user_id ?? "";
  if (!isString(id)) throw wrongType("metadata.user_id", "a string");
  if (id === "") return null;
  const name = (CLAUDE_CODE.exec(id)?.[1] ?? deviceIn(id) ?? id).toWellFormed();
  if (name.length <= CHARS_MAX && !/\p{Cc}/u.test(name)) return name;
  return createHash("sha256").update(name).digest("hex");
}

/** Newer versions of Claude Code send a JSON object. */
function deviceIn(id: string): string | null {
  if (!id.startsWith("{")) return null;
  try {
    const { device_id: device } = JSON.parse(id) as Fields;
    return isString(device) && device !== "" ? device : null;
  } catch {
    return null;
  }
}
