import { NIL_UUID, uuidV7 } from "@tollgate/contracts/ids";
import type { Facts } from "../alerts/facts.ts";
import { presentAlert, withDeliveries } from "../alerts/present.ts";
import { Alert } from "../alerts/schemas.ts";
import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findChannel } from "./find.ts";

/** Sends an alert to this channel only, in the same way as others. The result is in the list of alerts. */
export const testChannel = verb({
  name: "channels.test",
  action: "channels:test",
  input: ById,
  output: Alert,
  http: { method: "POST", path: "/channels/{id}/test", status: 202 },
  run: async ({ tx, ctx: { orgId, services, actor }, input: { id: channelId }, audit }) => {
    const { name } = await findChannel(tx, orgId, channelId);
    const raisedAt = new Date(services.now());
    const id = uuidV7(services.now());
    const facts: Facts = { kind: "test", channelName: name, askedBy: actor.name };
    // Each test has its own identity, so that every test is sent.
    const identity = { kind: facts.kind, limitId: NIL_UUID, subject: id, windowStart: raisedAt };
    await tx.alert.create({ data: { id, orgId, ...identity, facts, raisedAt } });
    await tx.alertDelivery.create({ data: { id: uuidV7(services.now()), orgId, alertId: id, channelId } });
    const row = await tx.alert.findFirstOrThrow({ where: { orgId, id }, include: withDeliveries });
    await audit({ subject: `channel ${channelId}`, after: { alertId: id } });
    return presentAlert(row);
  },
});
