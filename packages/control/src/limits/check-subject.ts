import { isUuid } from "@tollgate/contracts/ids";
import { type LimitScope, scopeWords } from "@tollgate/contracts/limit";
import type { Tx } from "@tollgate/db/with-tenant";
import { invalid } from "../fields.ts";

async function exists(tx: Tx, orgId: string, scope: ObjectScope, id: string): Promise<boolean> {
  const where = { orgId, id };
  if (scope === "team") return (await tx.team.count({ where })) > 0;
  if (scope === "member") return (await tx.membership.count({ where })) > 0;
  if (scope === "key") return (await tx.virtualKey.count({ where: { ...where, state: { not: "revoked" } } })) > 0;
  const living = { where: { ...where, deletedAt: null } };
  return (scope === "model" ? await tx.model.count(living) : await tx.credential.count(living)) > 0;
}

/** Scopes whose subject is an object of the organisation. The others have a text that calls carry, or none. */
export const OBJECT_SCOPES = ["team", "member", "key", "model", "credential"] as const satisfies readonly LimitScope[];
export type ObjectScope = (typeof OBJECT_SCOPES)[number];

export const hasObject = (scope: LimitScope): scope is ObjectScope =>
  (OBJECT_SCOPES as readonly LimitScope[]).includes(scope);

/** Throws `validation_failed` on `subject` if its text does not fit the scope. */
export function checkSubjectText(scope: LimitScope, subject: string | null): void {
  if (scope === "organisation" && subject !== null)
    throw invalid({ subject: "must be empty: a limit on the organisation has no subject" });
  if (subject === null) return;
  if (scope === "tag" && !/^[^=]{1,128}=.{1,128}$/u.test(subject)) throw invalid({ subject: "a tag as name=value" });
  else if (!hasObject(scope) && subject.length > 128) throw invalid({ subject: "at most 128 characters" });
}

/** Throws `validation_failed` on `subject` unless the organisation has it in this scope. */
export async function checkSubject(tx: Tx, orgId: string, scope: LimitScope, subject: string | null): Promise<void> {
  checkSubjectText(scope, subject);
  if (subject === null || !hasObject(scope)) return;
  if (!isUuid(subject) || !(await exists(tx, orgId, scope, subject)))
    throw invalid({ subject: `there is no such ${scopeWords(scope)}` });
}
