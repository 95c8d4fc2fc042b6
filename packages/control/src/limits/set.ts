import { uuidV7 } from "@tollgate/contracts/ids";
import { verb } from "../verb.ts";
import { checkLimit } from "./check-limit.ts";
import { checkSubject } from "./check-subject.ts";
import { clockOf } from "./clock.ts";
import { fillCounters, lockCounters } from "./fill-counters.ts";
import { findLimit } from "./find.ts";
import { Limit, SetLimit } from "./schemas.ts";

/** The limit counts from the start of its open window: usage of that window in the ledger counts already. */
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
    await lockCounters(tx, orgId);
    const id = uuidV7(services.now());
    const anchor = input.anchor === null ? null : new Date(input.anchor);
    const row = await tx.limit.create({ data: { ...input, id, orgId, amount, anchor } });
    await fillCounters(tx, row, await clockOf(tx, ctx));
    const { limit } = await findLimit(tx, ctx, id);
    await audit({ subject: `limit ${id}`, after: limit });
    return limit;
  },
});
