import { providerById } from "@tollgate/catalog/providers";
import { uuidV7 } from "@tollgate/contracts/ids";
import { DbNull } from "@tollgate/db/query";
import { invalid } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentPrice } from "./present.ts";
import { OwnPrice, SetPrice } from "./schemas.ts";

/** Replaces a price that begins at the same instant. A version always means the same price. */
export const setPrice = verb({
  name: "prices.set",
  action: "prices:set",
  input: SetPrice,
  output: OwnPrice,
  http: { method: "POST", path: "/prices", status: 201 },
  run: async ({ tx, ctx: { orgId, services }, input, audit }) => {
    if (!providerById(input.provider)) throw invalid({ provider: "is not in the catalogue" });
    const nowMs = services.now();
    const beginning = {
      orgId,
      provider: input.provider,
      upstreamModel: input.upstreamModel,
      since: new Date(input.from ?? nowMs),
    };
    const replaced = await tx.priceOverride.findFirst({ where: beginning });
    if (replaced) await tx.priceOverride.delete({ where: { id: replaced.id } });
    const row = await tx.priceOverride.create({
      data: {
        ...beginning,
        id: uuidV7(nowMs),
        inputPerMillion: input.inputPerMillionUsd,
        outputPerMillion: input.outputPerMillionUsd,
        cacheReadPerMillion: input.cacheReadPerMillionUsd,
        cacheWritePerMillion: input.cacheWritePerMillionUsd,
        units: Object.keys(input.unitPricesUsd).length > 0 ? input.unitPricesUsd : DbNull,
        services: Object.keys(input.serviceFactors).length > 0 ? input.serviceFactors : DbNull,
      },
    });
    const price = presentPrice(row);
    await audit({
      subject: `price ${price.id}`,
      ...(replaced ? { before: presentPrice(replaced) } : {}),
      after: price,
    });
    return price;
  },
});
