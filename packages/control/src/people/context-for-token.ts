import { TollgateError } from "@tollgate/contracts/errors";
import { NIL_UUID } from "@tollgate/contracts/ids";
import type { Role } from "@tollgate/contracts/role";
import type { Prisma } from "@tollgate/db/query";
import { enterScope, type Tx, withScope } from "@tollgate/db/with-tenant";
import { verifyKey } from "@tollgate/vault/hash-key";
import { parseKey } from "@tollgate/vault/key-format";
import { mayGrant } from "../authorize.ts";
import type { Context, Services } from "../context.ts";

type TokenRow = Prisma.AdminTokenGetPayload<object>;

const USED_WRITTEN_EVERY_MS = 60_000;

/** Unknown, malformed, revoked, expired or its maker gone: one answer. */
const refused = (): TollgateError => new TollgateError("invalid_api_key", "This admin token is not valid.");

const isLive = (row: TokenRow, atMs: number): boolean =>
  row.revokedAt === null && (row.expiresAt === null || row.expiresAt.getTime() > atMs);

/** The context of a `tg_adm_` token. Its rights end with its maker's membership and never exceed the maker's of today. */
export function contextForToken(services: Services, token: string, address: string | null): Promise<Context> {
  const parsed = parseKey(token);
  if (parsed?.kind !== "adm") return Promise.reject(refused());
  return withScope(services.db, { tokenPublicId: parsed.publicId }, async (tx) => {
    const row = await tx.adminToken.findUnique({ where: { publicId: parsed.publicId } });
    const right = verifyKey(services.pepper, parsed.secret, row ? [row.hash] : []);
    if (!row || !right || !isLive(row, services.now())) throw refused();
    await enterScope(tx, { orgId: row.orgId });
    const { userId, memberId, role } = await standing(tx, row);
    await touch(tx, row, services.now());
    const actor = { kind: "token", tokenId: row.id, userId, memberId, name: row.name } as const;
    return { services, orgId: row.orgId, role, address, actor };
  });
}

async function standing(
  tx: Tx,
  row: TokenRow,
): Promise<{ userId: string | null; memberId: string | null; role: Role }> {
  if (row.createdBy === NIL_UUID) return { userId: null, memberId: null, role: row.role };
  const maker = await tx.membership.findFirst({ where: { orgId: row.orgId, userId: row.createdBy } });
  if (!maker) throw refused();
  const role = mayGrant(maker.role, row.role) ? row.role : maker.role;
  return { userId: maker.userId, memberId: maker.id, role };
}

async function touch(tx: Tx, row: TokenRow, atMs: number): Promise<void> {
  if (row.lastUsedAt && atMs - row.lastUsedAt.getTime() < USED_WRITTEN_EVERY_MS) return;
  await tx.adminToken.updateMany({ where: { orgId: row.orgId, id: row.id }, data: { lastUsedAt: new Date(atMs) } });
}
