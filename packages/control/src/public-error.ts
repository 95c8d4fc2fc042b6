import { TollgateError } from "@tollgate/contracts/errors";
import { DatabaseUnavailable } from "@tollgate/db/unavailable";

/** The error that a caller may see for anything thrown. An internal fault reveals no detail. */
export function publicError(error: unknown): TollgateError {
  if (error instanceof TollgateError) return error;
  if (error instanceof DatabaseUnavailable)
    return new TollgateError("database_unavailable", "The database does not answer right now; try again in a moment.", {
      retryAfterSeconds: 2,
    });
  return new TollgateError("internal_error", "Something went wrong on our side.");
}
