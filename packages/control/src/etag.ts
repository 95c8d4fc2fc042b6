import { createHash } from "node:crypto";
import { TollgateError } from "@tollgate/contracts/errors";
import { z } from "zod";
import { canonical } from "./audit.ts";
import type { Context } from "./context.ts";

/** Beside what the update names: what tells of a changed secret, which no answer shows, and of `teamIds`. */
const TELLING = ["lastFour", "updatedAt", "teams"];

/** Of a resource as its verbs present it: covers what its update verb can change, not counts or times of use. */
export function etagOf(updateInput: z.ZodType, resource: object): string {
  const named = updateInput instanceof z.ZodObject ? Object.keys(updateInput.shape) : [];
  const seen = Object.entries(resource).filter(([field]) => named.includes(field) || TELLING.includes(field));
  const digest = createHash("sha256")
    .update(canonical(Object.fromEntries(seen)))
    .digest("base64url");
  return `"${digest.slice(0, 22)}"`;
}

/** Throws `precondition_failed` when the caller has seen another state than the one about to be changed. */
export function requireMatch({ ifMatch }: Context, updateInput: z.ZodType, before: object | undefined): void {
  if (ifMatch === undefined || before === undefined) return;
  const seen = ifMatch.split(",").map((tag) => tag.trim());
  if (seen.includes("*") || seen.includes(etagOf(updateInput, before))) return;
  throw new TollgateError("precondition_failed", "It was changed since it was read. Read it again, then decide.");
}
