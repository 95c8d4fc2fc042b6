import { TollgateError } from "@tollgate/contracts/errors";
import { NIL_UUID } from "@tollgate/contracts/ids";
import type { Role } from "@tollgate/contracts/role";
import type { Prisma } from "@tollgate/db/query";
import { NotAdmitted, type Tx, withScope } from "@tollgate/db/with-tenant";
import { hashKey } from "@tollgate/vault/hash-key";
import { parseKey } from "@tollgate/vault/key-format";
import { mayGrant } from "../authorize.ts";
import type { Context, Services } from "../context.ts";

type TokenRow = Prisma.AdminTokenGetPayload<object>;

const USED_WRITTEN_EVERY_MS = 60_000;

/** The same error for an unknown, malformed, revoked or expired token, and for one whose creator has left. */
const refused = (): TollgateError => new TollgateError("invalid_api_key", "This admin token is not valid.");

const isLive = (row: TokenRow, atMs: number): boolean =>
  row.revokedAt === null && (row.expiresAt === null || row.expiresAt.getTime() > atMs);

/** The context of a `tg_adm_` token. Its rights end with its creator's membership and never exceed the creator's current rights. */
export async function contextForToken(services: Services, token: string, address: string | null): Promise<Context> {
  const parsed = parseKey(token);
  if (parsed?.kind !== "adm") throw refused();
  const { publicId } = parsed;
  const proof = { tokenPublicId: publicId, tokenHash: hashKey(services.pepper, parsed.secret) };
  try {
    return await withScope(services.db, proof, async (tx) => {
      const row = await tx.adminToken.findUniqueOrThrow({ where: { publicId } });
      if (!isLive(row, services.now())) throw refused();
      const { userId, memberId, role } = await standing(tx, row);
      await touch(tx, row, services.now());
      const actor = { kind: "token", tokenId: row.id, userId, memberId, name: row.name } as const;
      return { services, orgId: row.orgId, proof, role, address, actor };
    });
  } catch (error) {
    throw error instanceof NotAdmitted ? refused() : error;
  }
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
