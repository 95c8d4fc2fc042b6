import { isUuid } from "@tollgate/contracts/ids";
import type { LimitScope } from "@tollgate/contracts/limit";
import type { Tx } from "@tollgate/db/with-tenant";
import type { z } from "zod";
import type { RowErrors } from "../bulk/rows.ts";
import { checkSubjectText, hasObject, type ObjectScope } from "./check-subject.ts";
import type { BulkLimit } from "./schemas.ts";

type Row = z.output<typeof BulkLimit>;

/** Objects by id and by the name that a row may give instead. */
async function find(
  tx: Tx,
  orgId: string,
  noun: ObjectScope,
  ids: string[],
  names: string[],
): Promise<{ id: string; name: string }[]> {
  const byName = { OR: [{ id: { in: ids } }, { name: { in: names } }] };
  const select = { id: true, name: true } as const;
  if (noun === "team") return tx.team.findMany({ where: { orgId, ...byName }, select });
  const living = { where: { orgId, deletedAt: null, ...byName }, select };
  if (noun === "model") return tx.model.findMany(living);
  if (noun === "credential") return tx.credential.findMany(living);
  if (noun === "key") {
    const where = { orgId, state: { not: "revoked" }, OR: [{ id: { in: ids } }, { publicId: { in: names } }] } as const;
    const keys = await tx.virtualKey.findMany({
      where: { ...where, OR: [...where.OR] },
      select: { id: true, publicId: true },
    });
    return keys.map(({ id, publicId }) => ({ id, name: publicId }));
  }
  const members = await tx.membership.findMany({
    where: { orgId, OR: [{ id: { in: ids } }, { user: { email: { in: names.map((name) => name.toLowerCase()) } } }] },
    select: { id: true, user: { select: { email: true } } },
  });
  return members.map(({ id, user }) => ({ id, name: user.email }));
}

const nameOf = (noun: LimitScope, name: string): string => (noun === "member" ? name.toLowerCase() : name);

/** The subjects of new limits, row by row. A subject that does not exist is an error of its row. */
export async function bulkSubjects(
  tx: Tx,
  orgId: string,
  rows: readonly Row[],
  errors: RowErrors,
): Promise<(string | null)[]> {
  const known = new Map<string, string>();
  for (const [scope, some] of Map.groupBy(rows, (row) => row.scope)) {
    if (!hasObject(scope)) continue;
    const ids = new Set(some.flatMap(({ subject }) => (subject && isUuid(subject) ? [subject] : [])));
    const names = new Set(some.flatMap(({ subjectName }) => subjectName ?? []));
    if (ids.size + names.size === 0) continue;
    for (const { id, name } of await find(tx, orgId, scope, [...ids], [...names])) {
      known.set(`${scope} ${id}`, id);
      known.set(`${scope}=${name}`, id);
    }
  }
  return rows.map(({ scope, subject, subjectName }, row) => {
    const field = subjectName === undefined ? "subject" : "subjectName";
    if (!hasObject(scope)) {
      if (subjectName !== undefined) errors.add(row, field, `a limit of scope ${scope} has a subject instead`);
      errors.try(row, () => checkSubjectText(scope, subject));
      return subject;
    }
    if (subject !== null && subjectName !== undefined) errors.add(row, field, "either a subject or its name");
    if (subject === null && subjectName === undefined) return null;
    const id = known.get(subjectName === undefined ? `${scope} ${subject}` : `${scope}=${nameOf(scope, subjectName)}`);
    if (id === undefined) errors.add(row, field, `there is no such ${scope}`);
    return id ?? null;
  });
}
