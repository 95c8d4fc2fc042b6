import { type Sql, sql } from "@tollgate/db/query";
import type { z } from "zod";
import { ownMember } from "../authorize.ts";
import { page } from "../fields.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentKey, withOwners } from "./present.ts";
import { type KEY_SORTS, Key, ListKeys } from "./schemas.ts";

const KEYS: List<(typeof KEY_SORTS)[number]> = {
  name: "keys",
  from: sql`virtual_key as k`,
  orgId: sql`k.org_id`,
  id: sql`k.id`,
  sorts: {
    createdAt: { by: sql`k.created_at`, type: "timestamptz" },
    name: { by: sql`k.name collate "C"`, type: "text" },
    // Not indexed, because ingest writes it: this order reads all keys of the organisation.
    lastUsedAt: { by: sql`coalesce(k.last_used_at, '-infinity')`, type: "timestamptz" },
    // A key that never expires sorts after every date.
    expiresAt: { by: sql`coalesce(k.expires_at, 'infinity')`, type: "timestamptz" },
  },
  search: sql`k.name || ' ' || k.public_id || ' ' || k.last_four`,
};

function stateIs({ state, revoked }: z.output<typeof ListKeys>, atMs: number): Sql | null {
  const at = new Date(atMs);
  if (state === undefined) return revoked ? null : sql`k.state <> 'revoked'`;
  if (state === "expired") return sql`k.state = 'active' and k.expires_at <= ${at}`;
  if (state === "active") return sql`k.state = 'active' and (k.expires_at is null or k.expires_at > ${at})`;
  return sql`k.state = ${state}::key_state`;
}

/** Newest first. A developer sees only their own keys. */
export const listKeys = verb({
  name: "keys.list",
  action: "keys:list",
  input: ListKeys,
  output: page(Key),
  http: { method: "GET", path: "/keys" },
  run: async (work) => {
    const { tx, ctx, reach, input } = work;
    const { orgId, services } = ctx;
    const { teamId, memberId, kind, costCentre } = input;
    const { ids, nextCursor } = await pageOf(KEYS, work, [
      reach === "own" && sql`k.member_id = ${ownMember(ctx)}::uuid`,
      stateIs(input, services.now()),
      teamId && sql`k.team_id = ${teamId}::uuid`,
      memberId && sql`k.member_id = ${memberId}::uuid`,
      kind && sql`k.kind = ${kind}::key_kind`,
      costCentre && sql`k.cost_centre = ${costCentre}`,
    ]);
    const rows = await tx.virtualKey.findMany({ where: { orgId, id: { in: ids } }, include: withOwners });
    return { items: inOrder(ids, rows).map((row) => presentKey(row, services.now())), nextCursor };
  },
});
