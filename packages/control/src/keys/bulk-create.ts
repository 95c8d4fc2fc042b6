import { uuidV7 } from "@tollgate/contracts/ids";
import { hashKey } from "@tollgate/vault/hash-key";
import { mintKey } from "@tollgate/vault/key-format";
import { BULK_BYTES_MAX, BULK_TIMEOUT_MS, RowErrors } from "../bulk/rows.ts";
import { expiryOf } from "../expiry.ts";
import { verb } from "../verb.ts";
import { bulkOwners } from "./bulk-owners.ts";
import { checkCostCentre } from "./cost-centre.ts";
import { presentKey } from "./present.ts";
import { BulkCreatedKeys, BulkCreateKeys } from "./schemas.ts";

/**
 * Creates all keys or, if a row has an error, none. The secrets are only in this answer, in the order of the rows. Each key has
 * its own audit entry.
 */
export const bulkCreateKeys = verb({
  name: "keys.bulk-create",
  action: "keys:create",
  input: BulkCreateKeys,
  output: BulkCreatedKeys,
  http: { method: "POST", path: "/keys/bulk-create", status: 201, bodyBytesMax: BULK_BYTES_MAX },
  timeoutMs: BULK_TIMEOUT_MS,
  run: async (work) => {
    const { tx, ctx, input, auditAll } = work;
    const { orgId, services } = ctx;
    checkCostCentre(
      work,
      input.items.some(({ costCentre }) => costCentre !== null),
    );
    const errors = new RowErrors("items");
    const owners = await bulkOwners(work, input.items, errors);
    const atMs = services.now();
    const made = input.items.map(({ name, kind, allow, deny, costCentre, expiresAt: expires }, n) => {
      const expiresAt = errors.try(n, () => expiryOf(services, expires)) ?? null;
      const { secret, publicId, lastFour } = mintKey(kind);
      const id = uuidV7(atMs);
      const { team, member } = owners[n] ?? { team: null, member: null };
      const hash = hashKey(services.pepper, secret);
      return {
        n,
        id,
        secretId: uuidV7(atMs),
        hash,
        secret,
        publicId,
        lastFour,
        name,
        kind,
        allow,
        deny,
        costCentre,
        expiresAt,
        team,
        member,
      };
    });
    errors.throw();
    const values = made.map(({ secret: _, team, member, ...row }) => ({
      ...row,
      teamId: team?.id ?? null,
      memberId: member?.id ?? null,
    }));
    // Creation times differ by a microsecond, so that sorting by them gives the order of the rows.
    await tx.$executeRaw`
      insert into virtual_key
        (id, org_id, public_id, last_four, name, kind, team_id, member_id, allow, deny, cost_centre, expires_at, created_at, updated_at)
      select r.id, ${orgId}::uuid, r."publicId", r."lastFour", r.name, r.kind, r."teamId", r."memberId", r.allow, r.deny,
        r."costCentre", r."expiresAt", ${new Date(atMs)}::timestamptz + r.n * interval '1 microsecond', ${new Date(atMs)}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r(n integer, id uuid, "publicId" text, "lastFour" text, name text,
        kind key_kind, "teamId" uuid, "memberId" uuid, allow jsonb, deny jsonb, "costCentre" text, "expiresAt" timestamptz)`;
    await tx.$executeRaw`
      insert into key_secret (id, org_id, key_id, hash)
      select r."secretId", ${orgId}::uuid, r.id, r.hash
      from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r("secretId" uuid, id uuid, hash text)`;
    await auditAll(
      made.map(({ n: _, secretId: __, hash: ___, secret: ____, team, member, ...row }) => ({
        subject: `key ${row.id}`,
        after: presentKey(
          {
            ...row,
            orgId,
            state: "active",
            teamId: team?.id ?? null,
            memberId: member?.id ?? null,
            team,
            member: member && { user: { name: member.name } },
            createdAt: new Date(atMs),
            updatedAt: new Date(atMs),
            revokedAt: null,
            lastUsedAt: null,
          },
          atMs,
        ),
      })),
    );
    return { items: made.map(({ id, name, publicId, secret }) => ({ id, name, publicId, secret })) };
  },
});
