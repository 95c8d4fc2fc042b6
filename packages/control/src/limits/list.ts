import { sql } from "@tollgate/db/query";
import { page } from "../fields.ts";
import { inOrder, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { clockOf } from "./clock.ts";
import { limitsList } from "./limits-sql.ts";
import { presentLimits } from "./present.ts";
import { Limit, ListLimits } from "./schemas.ts";

/** Oldest first, each with the used and remaining amount of its open window. */
export const listLimits = verb({
  name: "limits.list",
  action: "limits:list",
  input: ListLimits,
  output: page(Limit),
  http: { method: "GET", path: "/limits" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { scope, subject, unit, window, mode } = input;
    const clock = await clockOf(tx, ctx);
    const { ids, nextCursor } = await pageOf(await limitsList(tx, orgId, clock, input.sort), work, [
      scope && sql`l.scope = ${scope}::limit_scope`,
      subject && sql`l.subject = ${subject}`,
      unit && sql`l.unit = ${unit}::limit_unit`,
      window && sql`l."window" = ${window}::limit_window`,
      mode && sql`l.mode = ${mode}::limit_mode`,
    ]);
    const rows = await tx.limit.findMany({ where: { orgId, id: { in: ids } } });
    return { items: await presentLimits(tx, orgId, inOrder(ids, rows), clock), nextCursor };
  },
});
