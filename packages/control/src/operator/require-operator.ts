import { createHash, timingSafeEqual } from "node:crypto";
import { TollgateError } from "@tollgate/contracts/errors";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Throws `not_found` if the installation has no operator token, and `invalid_api_key` for a wrong one. Compares in
 * constant time for any length.
 */
export function requireOperator(operatorToken: string | undefined, presented: string): void {
  if (operatorToken === undefined) throw new TollgateError("not_found", "This installation has no operator token.");
  if (!timingSafeEqual(digest(operatorToken), digest(presented)))
    throw new TollgateError("invalid_api_key", "This operator token is not valid.");
}
