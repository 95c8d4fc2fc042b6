import { auditFailedSignIns } from "../audit.ts";
import { verb } from "../verb.ts";
import { presentEntry } from "./present.ts";
import { AuditPage, ListAudit } from "./schemas.ts";

/** Newest first. */
export const listAudit = verb({
  name: "audit.list",
  action: "audit:read",
  input: ListAudit,
  output: AuditPage,
  http: { method: "GET", path: "/audit" },
  run: async ({ tx, ctx, input: { cursor, limit, action, actorId } }) => {
    await auditFailedSignIns(tx, ctx);
    const rows = await tx.auditEntry.findMany({
      where: { orgId: ctx.orgId, action, actorId, ...(cursor ? { sequence: { lt: BigInt(cursor) } } : {}) },
      orderBy: { sequence: "desc" },
      take: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return { items: shown.map(presentEntry), nextCursor: rows.length > limit && last ? `${last.sequence}` : null };
  },
});
