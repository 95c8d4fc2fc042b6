import { listData } from "../allow-list.ts";
import { lockCounters, refillCounters } from "../limits/fill-counters.ts";
import { verb } from "../verb.ts";
import { presentOrganisation } from "./present.ts";
import { Organisation, UpdateOrganisation } from "./schemas.ts";

/** A new time zone moves the limits' windows: their counters are told anew from the ledger. */
export const updateOrganisation = verb({
  name: "organisation.update",
  action: "organisation:update",
  input: UpdateOrganisation,
  output: Organisation,
  http: { method: "PATCH", path: "/organisation" },
  run: async ({ tx, ctx, input, audit }) => {
    const { allow, deny, ...data } = input;
    if (data.timeZone) await lockCounters(tx, ctx.orgId);
    const before = await tx.organisation.findUniqueOrThrow({ where: { id: ctx.orgId } });
    const after = await tx.organisation.update({
      where: { id: ctx.orgId },
      data: { ...data, ...listData({ allow, deny }) },
    });
    if (after.timeZone !== before.timeZone) await refillCounters(tx, ctx);
    const organisation = presentOrganisation(after);
    await audit({ subject: `organisation ${ctx.orgId}`, before: presentOrganisation(before), after: organisation });
    return organisation;
  },
});
