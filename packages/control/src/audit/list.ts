import { sql } from "@tollgate/db/query";
import { auditFailedSignIns } from "../audit.ts";
import { type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentEntry } from "./present.ts";
import { type AUDIT_SORTS, AuditPage, ListAudit } from "./schemas.ts";
import { searchPart } from "./search-part.ts";

const ENTRIES: List<(typeof AUDIT_SORTS)[number]> = {
  name: "audit",
  from: sql`audit_entry as e`,
  orgId: sql`e.org_id`,
  id: sql`e.sequence`,
  idType: "bigint",
  sorts: { sequence: null },
  search: sql`e.action || ' ' || e.subject || ' ' || e.actor_name || ' ' || coalesce(e.address, '')`,
};

/** Newest first. A search or a filter reads a bounded number of entries: its cursor continues where it stopped. */
export const listAudit = verb({
  name: "audit.list",
  action: "audit:read",
  input: ListAudit,
  output: AuditPage,
  http: { method: "GET", path: "/audit" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { action, actorId, subject, from, to } = input;
    await auditFailedSignIns(tx, ctx);
    const part = await searchPart(tx, ctx, ENTRIES.name, input);
    const { ids, nextCursor } = await pageOf(ENTRIES, work, [
      part?.within,
      action && sql`e.action = ${action}`,
      actorId && sql`e.actor_id = ${actorId}`,
      subject && sql`e.subject = ${subject}`,
      from && sql`e.at >= ${new Date(from)}`,
      to && sql`e.at < ${new Date(to)}`,
    ]);
    const rows = await tx.auditEntry.findMany({
      where: { orgId, sequence: { in: ids.map(BigInt) } },
      orderBy: { sequence: input.sort === "sequence" ? "asc" : "desc" },
    });
    const items = rows.map(presentEntry);
    // A full page ends before the part does.
    if (nextCursor || !part?.rest) return { items, nextCursor, searchedTo: null };
    return { items, nextCursor: part.rest.cursor, searchedTo: part.rest.at };
  },
});
