import { uuidV7 } from "@tollgate/contracts/ids";
import { seal } from "@tollgate/vault/seal";
import { mintWebhookSecret } from "../alerts/sign-webhook.ts";
import { storedKind } from "../alerts/stored-facts.ts";
import { invalid } from "../fields.ts";
import { verb } from "../verb.ts";
import { destinationOf } from "./destination.ts";
import { presentChannel } from "./present.ts";
import { CreateChannel, CreatedChannel } from "./schemas.ts";

/** The signing secret of a webhook is only in this answer. Secrets are stored sealed for the worker. */
export const createChannel = verb({
  name: "channels.create",
  action: "channels:create",
  input: CreateChannel,
  output: CreatedChannel,
  http: { method: "POST", path: "/channels", status: 201 },
  run: async ({ tx, ctx: { orgId, services }, input: { name, kind, events, addresses, url }, audit }) => {
    if (kind === "email" && !addresses) throw invalid({ addresses: "at least one address" });
    if (kind !== "email" && url === undefined) throw invalid({ url: "is required" });
    const id = uuidV7(services.now());
    const owner = { orgId, rowId: id };
    const destination = await destinationOf(tx, services, owner, kind, { addresses, url });
    const signingSecret = kind === "webhook" ? mintWebhookSecret() : null;
    const sealed = signingSecret ? await seal(services.channelPublicKey, owner, signingSecret) : destination.sealed;
    const row = await tx.channel.create({
      data: { id, orgId, name, kind, events: events.map(storedKind), ...destination, sealed },
    });
    const channel = presentChannel(row);
    await audit({ subject: `channel ${id}`, after: channel });
    return { channel, signingSecret };
  },
});
