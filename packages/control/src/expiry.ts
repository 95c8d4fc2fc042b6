import type { Services } from "./context.ts";
import { invalid } from "./fields.ts";

/** Null means never. Throws `validation_failed` if it is in the past. */
export function expiryOf(services: Services, expiresAt: string | null): Date | null {
  if (expiresAt === null) return null;
  const at = new Date(expiresAt);
  if (at.getTime() <= services.now()) throw invalid({ expiresAt: "must be in the future" });
  return at;
}
