import { verb } from "../verb.ts";
import { presentAlert, withDeliveries } from "./present.ts";
import { AlertPage, ListAlerts } from "./schemas.ts";

/** Newest first, each with the state of its deliveries. */
export const listAlerts = verb({
  name: "alerts.list",
  action: "alerts:list",
  input: ListAlerts,
  output: AlertPage,
  http: { method: "GET", path: "/alerts" },
  run: async ({ tx, ctx: { orgId }, input: { cursor, limit } }) => {
    const rows = await tx.alert.findMany({
      where: { orgId, ...(cursor ? { id: { lt: cursor } } : {}) },
      include: withDeliveries,
      orderBy: { id: "desc" },
      take: limit + 1,
    });
    const shown = rows.slice(0, limit);
    return { items: shown.map(presentAlert), nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  },
});
