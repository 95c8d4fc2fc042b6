import { uuidV7 } from "@tollgate/contracts/ids";
import { hashKey } from "@tollgate/vault/hash-key";
import { mintKey } from "@tollgate/vault/key-format";
import { listData } from "../allow-list.ts";
import { expiryOf } from "../expiry.ts";
import { verb } from "../verb.ts";
import { checkCostCentre } from "./cost-centre.ts";
import { keyOwners } from "./owners.ts";
import { presentKey, withOwners } from "./present.ts";
import { CreatedKey, CreateKey } from "./schemas.ts";

/** The secret is only in this answer. Only its HMAC is stored. */
export const createKey = verb({
  name: "keys.create",
  action: "keys:create",
  input: CreateKey,
  output: CreatedKey,
  http: { method: "POST", path: "/keys", status: 201 },
  run: async (work) => {
    const { tx, ctx, input, audit } = work;
    const { orgId, services } = ctx;
    const { name, kind, costCentre } = input;
    checkCostCentre(work, costCentre !== null);
    const owners = await keyOwners(work);
    const expiresAt = expiryOf(services, input.expiresAt);
    const { secret, publicId, lastFour } = mintKey(kind);
    const id = uuidV7(services.now());
    const row = await tx.virtualKey.create({
      data: { id, orgId, publicId, lastFour, name, kind, costCentre, expiresAt, ...owners, ...listData(input) },
      include: withOwners,
    });
    const hash = hashKey(services.pepper, secret);
    await tx.keySecret.create({ data: { id: uuidV7(services.now()), orgId, keyId: id, hash } });
    const key = presentKey(row, services.now());
    await audit({ subject: `key ${id}`, after: key });
    return { key, secret };
  },
});
