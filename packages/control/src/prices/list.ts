import { Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentPrice } from "./present.ts";
import { OwnPriceList } from "./schemas.ts";

/** By model, latest first. */
export const listPrices = verb({
  name: "prices.list",
  action: "prices:list",
  input: Nothing,
  output: OwnPriceList,
  http: { method: "GET", path: "/prices" },
  run: async ({ tx, ctx: { orgId } }) => {
    const orderBy = [{ provider: "asc" }, { upstreamModel: "asc" }, { since: "desc" }] as const;
    const rows = await tx.priceOverride.findMany({ where: { orgId }, orderBy: [...orderBy] });
    return { items: rows.map(presentPrice) };
  },
});
