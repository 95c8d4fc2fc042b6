import { Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentMaintenance } from "./request-maintenance.ts";
import { MaintenanceList } from "./schemas.ts";

const SHOWN_MAX = 100;

/** Newest first, the last hundred. */
export const listMaintenance = verb({
  name: "usage.maintenance",
  action: "ledger:list",
  input: Nothing,
  output: MaintenanceList,
  http: {
    method: "GET",
    path: "/usage/maintenance",
    former: { name: "usage.bookkeeping", path: "/usage/bookkeeping" },
  },
  run: async ({ tx, ctx: { orgId } }) => {
    const rows = await tx.ledgerMaintenance.findMany({
      where: { orgId },
      orderBy: { askedAt: "desc" },
      take: SHOWN_MAX,
    });
    return { items: rows.map(presentMaintenance) };
  },
});
