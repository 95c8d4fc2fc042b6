import type { Tx } from "@tollgate/db/with-tenant";
import { z } from "zod";

const DELETION = { team: "teams.delete", member: "members.remove" } as const;

const Before = z.object({ name: z.string() });

/** The last names of deleted teams or members, by id. They come from the audit log. */
export async function deletedNames(
  tx: Tx,
  orgId: string,
  kind: keyof typeof DELETION,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const subjects = new Map(ids.map((id) => [`${kind} ${id}`, id]));
  const entries = await tx.auditEntry.findMany({
    where: { orgId, subject: { in: [...subjects.keys()] }, action: DELETION[kind] },
    select: { subject: true, before: true },
  });
  const names = new Map<string, string>();
  for (const { subject, before } of entries) {
    const [id, named] = [subjects.get(subject), Before.safeParse(before)];
    if (id && named.success) names.set(id, named.data.name);
  }
  return names;
}
