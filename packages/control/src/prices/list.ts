import { sql } from "@tollgate/db/query";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentPrice } from "./present.ts";
import { ListPrices, OwnPriceList, type PRICE_SORTS } from "./schemas.ts";

/** Milliseconds at the start of 2100, after every price: the later a price begins, the less time is left. */
const END_MS = sql`4102444800000`;

const PRICES: List<(typeof PRICE_SORTS)[number]> = {
  name: "prices",
  from: sql`price_override as p`,
  orgId: sql`p.org_id`,
  id: sql`p.id`,
  sorts: {
    // By provider and model, the latest first.
    upstreamModel: {
      by: sql`(p.provider || ' ' || p.upstream_model || ' ' ||
        lpad((${END_MS} - (extract(epoch from p.since) * 1000)::bigint)::text, 13, '0')) collate "C"`,
      type: "text",
    },
    from: { by: sql`p.since`, type: "timestamptz" },
  },
  search: sql`p.upstream_model || ' ' || p.provider`,
};

/** By model, latest first. */
export const listPrices = verb({
  name: "prices.list",
  action: "prices:list",
  input: ListPrices,
  output: OwnPriceList,
  http: { method: "GET", path: "/prices" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { provider, upstreamModel } = input;
    const { ids, nextCursor } = await pageOf(PRICES, work, [
      provider && sql`p.provider = ${provider}`,
      upstreamModel && sql`p.upstream_model = ${upstreamModel}`,
    ]);
    const rows = await tx.priceOverride.findMany({ where: { orgId, id: { in: ids } } });
    return { items: inOrder(ids, rows).map(presentPrice), nextCursor };
  },
});
