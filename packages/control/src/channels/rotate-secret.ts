import { seal } from "@tollgate/vault/seal";
import { mintWebhookSecret } from "../alerts/sign-webhook.ts";
import { ById, invalid } from "../fields.ts";
import { verb } from "../verb.ts";
import { findChannel } from "./find.ts";
import { presentChannel } from "./present.ts";
import { CreatedChannel } from "./schemas.ts";

/** From the next attempt on, the webhook is signed with a new secret. It is only in this answer. */
export const rotateChannelSecret = verb({
  name: "channels.rotate",
  action: "channels:update",
  input: ById,
  output: CreatedChannel,
  http: { method: "POST", path: "/channels/{id}/rotate" },
  run: async ({ tx, ctx: { orgId, services }, input: { id }, audit }) => {
    const before = presentChannel(await findChannel(tx, orgId, id));
    if (before.kind !== "webhook") throw invalid({ id: "only a webhook is signed" });
    const signingSecret = mintWebhookSecret();
    const sealed = await seal(services.channelPublicKey, { orgId, rowId: id }, signingSecret);
    const channel = presentChannel(await tx.channel.update({ where: { orgId_id: { orgId, id } }, data: { sealed } }));
    await audit({ subject: `channel ${id}`, before, after: channel });
    return { channel, signingSecret };
  },
});
