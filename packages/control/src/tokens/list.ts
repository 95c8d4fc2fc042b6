import { sql } from "@tollgate/db/query";
import { page } from "../fields.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { makersOf } from "./makers.ts";
import { presentToken } from "./present.ts";
import { ListTokens, type TOKEN_SORTS, Token } from "./schemas.ts";

const TOKENS: List<(typeof TOKEN_SORTS)[number]> = {
  name: "tokens",
  from: sql`admin_token as t`,
  orgId: sql`t.org_id`,
  id: sql`t.id`,
  sorts: {
    createdAt: { by: sql`t.created_at`, type: "timestamptz" },
    name: { by: sql`lower(t.name) collate "C"`, type: "text" },
    role: { by: sql`t.role::text collate "C"`, type: "text" },
    lastUsedAt: { by: sql`coalesce(t.last_used_at, '-infinity')`, type: "timestamptz" },
  },
  search: sql`t.name || ' ' || t.public_id || ' ' || t.last_four`,
};

/** Newest first, with revoked tokens. */
export const listTokens = verb({
  name: "tokens.list",
  action: "tokens:list",
  input: ListTokens,
  output: page(Token),
  http: { method: "GET", path: "/tokens" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId, services } = ctx;
    const { ids, nextCursor } = await pageOf(TOKENS, work, [input.role && sql`t.role = ${input.role}::role`]);
    const rows = inOrder(ids, await tx.adminToken.findMany({ where: { orgId, id: { in: ids } } }));
    const creators = rows.map(({ createdBy }) => createdBy);
    const makers = await makersOf(tx, orgId, creators);
    return { items: rows.map((row) => presentToken(row, services.now(), makers)), nextCursor };
  },
});
