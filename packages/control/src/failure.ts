import { TollgateError } from "@tollgate/contracts/errors";
import { NotAdmitted } from "@tollgate/db/with-tenant";

/** Looks the same for another organisation's id and for a random one. */
export const notFound = (noun: string): TollgateError => new TollgateError("not_found", `There is no such ${noun}.`);

/** Something else still uses it; `uses` names what, at most five of them. */
export function inUse(noun: string, uses: string[]): TollgateError {
  const named = uses.slice(0, 5).join(", ");
  const more = uses.length > 5 ? ` and ${uses.length - 5} more` : "";
  return new TollgateError("conflict", `This ${noun} is still used by ${named}${more}.`);
}

const SLOW = "This takes too long to find. Choose a shorter time, or search for less.";

/** The store's own refusals, in words: two callers at once can pass a check that each alone would fail. */
export function explained(error: unknown): never {
  // It was valid when the context was made.
  if (error instanceof NotAdmitted)
    throw new TollgateError("invalid_api_key", "This session or admin token is not valid any more.");
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "P2002") throw new TollgateError("conflict", "That name is taken.", { fields: { name: "is taken" } });
  if (code === "P2003") throw new TollgateError("conflict", "Something else still uses this, or it has just gone.");
  // query_canceled: its statement_timeout is over.
  if (error instanceof Error && code === "P2039" && error.message.includes("57014"))
    throw new TollgateError("request_timeout", SLOW);
  throw error;
}
