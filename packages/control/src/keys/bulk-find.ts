import { empty, type Prisma, sql } from "@tollgate/db/query";
import { ownMember } from "../authorize.ts";
import type { RowErrors } from "../bulk/rows.ts";
import type { Work } from "../verb.ts";
import type { withOwners } from "./present.ts";

type Row = Prisma.VirtualKeyGetPayload<{ include: typeof withOwners }>;
type Flat = Omit<Row, "team" | "member"> & { teamName: string | null; memberName: string | null };

/** With one parameter for all ids: Prisma takes seconds for thousands of them. */
const readKeys = ({ tx, ctx, reach }: Work<unknown>, ids: readonly string[]): Promise<Flat[]> => tx.$queryRaw<Flat[]>`
  select k.id, k.org_id as "orgId", k.public_id as "publicId", k.kind, k.name, k.team_id as "teamId",
    k.member_id as "memberId", k.state, k.last_four as "lastFour", k.allow, k.deny, k.cost_centre as "costCentre", k.created_at as "createdAt",
    k.updated_at as "updatedAt", k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.last_used_at as "lastUsedAt",
    t.name as "teamName", u.name as "memberName"
  from virtual_key as k
  left join team as t on t.org_id = k.org_id and t.id = k.team_id
  left join membership as m on m.org_id = k.org_id and m.id = k.member_id
  left join app_user as u on u.id = m.user_id
  where k.org_id = ${ctx.orgId}::uuid and k.id = any(${ids}::uuid[])
    ${reach === "own" ? sql`and k.member_id = ${ownMember(ctx)}::uuid` : empty}`;

/** The keys with these ids, in their order. A key that the actor may not see is an error of its row. */
export async function bulkFind(
  work: Work<unknown>,
  ids: readonly string[],
  errors: RowErrors,
  field: string | null,
): Promise<Row[]> {
  errors.refuseRepeats(ids, field);
  const byId = new Map<string, Row>();
  for (const { teamName, memberName, ...row } of await readKeys(work, ids)) {
    const team = teamName === null ? null : { name: teamName };
    byId.set(row.id, { ...row, team, member: memberName === null ? null : { user: { name: memberName } } });
  }
  for (const [row, id] of ids.entries()) if (!byId.has(id)) errors.add(row, field, "there is no such key");
  return ids.flatMap((id) => byId.get(id) ?? []);
}
