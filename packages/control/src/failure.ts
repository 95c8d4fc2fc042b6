import { TollgateError } from "@tollgate/contracts/errors";
import { NotAdmitted } from "@tollgate/db/with-tenant";

/** The error is the same for an id of another organisation and for a random one. */
export const notFound = (noun: string): TollgateError => new TollgateError("not_found", `There is no such ${noun}.`);

/** Other objects still use it; `uses` are their names, of which at most five are shown. */
export function inUse(noun: string, uses: string[]): TollgateError {
  const named = uses.slice(0, 5).join(", ");
  const more = uses.length > 5 ? ` and ${uses.length - 5} more` : "";
  return new TollgateError("conflict", `This ${noun} is still used by ${named}${more}.`);
}

const SLOW = "This takes too long to find. Choose a shorter time, or search for less.";

/** Prisma's codes for an error of the database: of a query of its own, and of a raw one. */
const OF_DATABASE: readonly unknown[] = ["P2039", "P2010"];

/** The statement took longer than `statement_timeout` (query_canceled). */
export const isCancelled = (error: unknown): boolean =>
  error instanceof Error && "code" in error && OF_DATABASE.includes(error.code) && error.message.includes("57014");

/** Translates errors of the database. Two concurrent callers can both pass a check before one of them writes. */
export function explained(error: unknown): never {
  // It was valid when the context was created.
  if (error instanceof NotAdmitted)
    throw new TollgateError("invalid_api_key", "This session or admin token is no longer valid.");
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "P2002") throw new TollgateError("conflict", "That name is taken.", { fields: { name: "is taken" } });
  if (code === "P2003") throw new TollgateError("conflict", "Another object still uses this, or it was just deleted.");
  if (isCancelled(error)) throw new TollgateError("request_timeout", SLOW);
  throw error;
}
