import { NIL_UUID, uuidV7 } from "@tollgate/contracts/ids";
import { hashKey } from "@tollgate/vault/hash-key";
import { mintKey } from "@tollgate/vault/key-format";
import { authorizeGrant } from "../authorize.ts";
import { expiryOf } from "../expiry.ts";
import { verb } from "../verb.ts";
import { makersOf } from "./makers.ts";
import { presentToken } from "./present.ts";
import { CreatedToken, CreateToken } from "./schemas.ts";

/** The secret is only in this answer. Throws `forbidden` for a role above the creator's. */
export const createToken = verb({
  name: "tokens.create",
  action: "tokens:create",
  input: CreateToken,
  output: CreatedToken,
  http: { method: "POST", path: "/tokens", status: 201 },
  run: async ({ tx, ctx, input: { name, role, expiresAt }, audit }) => {
    const { orgId, services, actor } = ctx;
    authorizeGrant(ctx, role);
    const { secret, publicId, lastFour } = mintKey("adm");
    const id = uuidV7(services.now());
    const createdBy = (actor.kind === "system" ? null : actor.userId) ?? NIL_UUID;
    const hash = hashKey(services.pepper, secret);
    const row = await tx.adminToken.create({
      data: { id, orgId, publicId, lastFour, name, role, hash, createdBy, expiresAt: expiryOf(services, expiresAt) },
    });
    const token = presentToken(row, services.now(), await makersOf(tx, orgId, [createdBy]));
    await audit({ subject: `token ${id}`, after: token });
    return { token, secret };
  },
});
