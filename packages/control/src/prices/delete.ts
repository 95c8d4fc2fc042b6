import { notFound } from "../failure.ts";
import { ById, Done } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentPrice } from "./present.ts";

/** Afterwards the previous price applies, or the catalogue's. Requests that it priced do not change. */
export const deletePrice = verb({
  name: "prices.delete",
  action: "prices:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/prices/{id}" },
  run: async ({ tx, ctx: { orgId }, input: { id }, audit }) => {
    const row = await tx.priceOverride.findFirst({ where: { orgId, id } });
    if (!row) throw notFound("price");
    await tx.priceOverride.delete({ where: { id } });
    await audit({ subject: `price ${id}`, before: presentPrice(row) });
    return {};
  },
});
