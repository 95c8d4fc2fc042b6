import type { Services } from "./context.ts";
import { invalid } from "./fields.ts";

/** Null is never. Throws `validation_failed` when it has already passed. */
export function expiryOf(services: Services, expiresAt: string | null): Date | null {
  if (expiresAt === null) return null;
  const at = new Date(expiresAt);
  if (at.getTime() <= services.now()) throw invalid({ expiresAt: "must be in the future" });
  return at;
}
