import { uuidV7 } from "@tollgate/contracts/ids";
import { verb } from "../verb.ts";
import { checkLimit } from "./check-limit.ts";
import { checkSubject } from "./check-subject.ts";
import { clockOf } from "./clock.ts";
import { fillNewLimit } from "./fill-new-limit.ts";
import { findLimit } from "./find.ts";
import { Limit, SetLimit } from "./schemas.ts";

/** The limit counts from the start of its open window: usage of that window in the ledger counts already, or within seconds. */
export const setLimit = verb({
  name: "limits.set",
  action: "limits:set",
  input: SetLimit,
  output: Limit,
  http: { method: "POST", path: "/limits", status: 201 },
  run: async ({ tx, ctx, input, audit }) => {
    const { orgId, services } = ctx;
    const amount = checkLimit(input);
    await checkSubject(tx, orgId, input.scope, input.subject);
    const id = uuidV7(services.now());
    const anchor = input.anchor === null ? null : new Date(input.anchor);
    const row = await tx.limit.create({ data: { ...input, id, orgId, amount, anchor } });
    if (input.unit !== "concurrent") {
      const filling = (await fillNewLimit(tx, row, await clockOf(tx, ctx))) ? "correct" : "pending";
      await tx.limit.update({ where: { orgId_id: { orgId, id } }, data: { filling } });
    }
    const { limit } = await findLimit(tx, ctx, id);
    await audit({ subject: `limit ${id}`, after: limit });
    return limit;
  },
});
