import { TollgateError } from "@tollgate/contracts/errors";

export interface ListQuery {
  after: string | null;
  limit: number;
  /** The other parameters that were sent. */
  others: Readonly<Record<string, string>>;
}

interface Allowed {
  limitMax: number;
  /** Default: `limitMax`. */
  limit?: number;
  /** Name of the parameter that names the last object of the page before. Default `after`. */
  after?: string;
  /** Names of other parameters. Any other parameter is ignored, as providers do. */
  others?: readonly string[];
}

const VALUE_CHARS_MAX = 64;

/** Reads the query of a list. Throws 400 and names the parameter. */
export function listQuery(query: string, allowed: Allowed): ListQuery {
  const { limitMax, limit: usual = limitMax, after = "after", others: names = [] } = allowed;
  const given = new URLSearchParams(query);
  const text = given.get("limit");
  const limit = text === null ? usual : /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > limitMax) {
    throw new TollgateError("invalid_value", `limit must be between 1 and ${limitMax}.`, { param: "limit" });
  }
  const others: Record<string, string> = {};
  for (const name of names) {
    const value = given.get(name);
    if (value === null) continue;
    if (value.length > VALUE_CHARS_MAX)
      throw new TollgateError("invalid_value", `${name} has more than ${VALUE_CHARS_MAX} characters.`, { param: name });
    others[name] = value;
  }
  return { after: given.get(after), limit, others };
}
