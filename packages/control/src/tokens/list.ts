import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { makersOf } from "./makers.ts";
import { presentToken } from "./present.ts";
import { Token } from "./schemas.ts";

/** Newest first, with revoked tokens. */
export const listTokens = verb({
  name: "tokens.list",
  action: "tokens:list",
  input: Nothing,
  output: items(Token),
  http: { method: "GET", path: "/tokens" },
  run: async ({ tx, ctx: { orgId, services } }) => {
    const rows = await tx.adminToken.findMany({ where: { orgId }, orderBy: [{ createdAt: "desc" }, { id: "desc" }] });
    const makers = await makersOf(
      tx,
      orgId,
      rows.map(({ createdBy }) => createdBy),
    );
    return { items: rows.map((row) => presentToken(row, services.now(), makers)) };
  },
});
