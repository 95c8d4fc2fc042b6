import { sql } from "@tollgate/db/query";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentAlert, withDeliveries } from "./present.ts";
import { type ALERT_SORTS, AlertPage, ListAlerts } from "./schemas.ts";

const ALERTS: List<(typeof ALERT_SORTS)[number]> = {
  name: "alerts",
  from: sql`alert as a`,
  orgId: sql`a.org_id`,
  id: sql`a.id`,
  sorts: { raisedAt: { by: sql`a.raised_at`, type: "timestamptz" } },
  search: sql`a.subject || ' ' || a.facts::text`,
};

/** Newest first, each with the state of its deliveries. */
export const listAlerts = verb({
  name: "alerts.list",
  action: "alerts:list",
  input: ListAlerts,
  output: AlertPage,
  http: { method: "GET", path: "/alerts" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { ids, nextCursor } = await pageOf(ALERTS, work, [input.kind && sql`a.kind = ${input.kind}`]);
    const rows = await tx.alert.findMany({ where: { orgId, id: { in: ids } }, include: withDeliveries });
    return { items: inOrder(ids, rows).map(presentAlert), nextCursor };
  },
});
