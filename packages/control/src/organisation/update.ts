import { listData } from "../allow-list.ts";
import { verb } from "../verb.ts";
import { presentOrganisation } from "./present.ts";
import { Organisation, UpdateOrganisation } from "./schemas.ts";
import { leaveZone, zonesOf } from "./zones.ts";

/** A new time zone applies from the next window on. The open windows of limits end by the old one. */
export const updateOrganisation = verb({
  name: "organisation.update",
  action: "organisation:update",
  input: UpdateOrganisation,
  output: Organisation,
  http: { method: "PATCH", path: "/organisation" },
  run: async ({ tx, ctx, input, audit }) => {
    const { allow, deny, ...data } = input;
    // The lock makes a concurrent change of the zone wait, so that it sees this one.
    await tx.$executeRaw`select from organisation where id = ${ctx.orgId}::uuid for update`;
    const before = await tx.organisation.findUniqueOrThrow({ where: { id: ctx.orgId } });
    const moves = data.timeZone !== undefined && data.timeZone !== before.timeZone;
    const after = await tx.organisation.update({
      where: { id: ctx.orgId },
      data: {
        ...data,
        ...listData({ allow, deny }),
        ...(moves && { formerZones: leaveZone(zonesOf(before), ctx.services.now()) }),
      },
    });
    const organisation = presentOrganisation(after);
    await audit({ subject: `organisation ${ctx.orgId}`, before: presentOrganisation(before), after: organisation });
    return organisation;
  },
});
