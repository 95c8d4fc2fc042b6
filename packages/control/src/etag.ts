import { createHash } from "node:crypto";
import { TollgateError } from "@tollgate/contracts/errors";
import { z } from "zod";
import { canonical } from "./audit.ts";
import type { Context } from "./context.ts";

/** Fields beside those of the update: they change with a secret, which no answer contains, or with `teamIds`. */
const ALSO_COMPARED = ["lastFour", "updatedAt", "teams"];

/** ETag of a resource as its verbs present it. It covers the fields that the update verb can change, not counts or times of use. */
export function etagOf(updateInput: z.ZodType, resource: object): string {
  const named = updateInput instanceof z.ZodObject ? Object.keys(updateInput.shape) : [];
  const seen = Object.entries(resource).filter(([field]) => named.includes(field) || ALSO_COMPARED.includes(field));
  const digest = createHash("sha256")
    .update(canonical(Object.fromEntries(seen)))
    .digest("base64url");
  return `"${digest.slice(0, 22)}"`;
}

/** Throws `precondition_failed` if the caller has seen another state than the current one. */
export function requireMatch({ ifMatch }: Context, updateInput: z.ZodType, before: object | undefined): void {
  if (ifMatch === undefined || before === undefined) return;
  const seen = ifMatch.split(",").map((tag) => tag.trim());
  if (seen.includes("*") || seen.includes(etagOf(updateInput, before))) return;
  throw new TollgateError("precondition_failed", "It was changed since it was read. Read it again, then decide.");
}
