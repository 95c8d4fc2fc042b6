import { ownMember } from "../authorize.ts";
import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentMember, withPerson } from "./present.ts";
import { Member } from "./schemas.ts";

/** In the order of joining. A developer sees only themselves. */
export const listMembers = verb({
  name: "members.list",
  action: "members:list",
  input: Nothing,
  output: items(Member),
  http: { method: "GET", path: "/members" },
  run: async ({ tx, ctx, reach }) => {
    const own = { id: ownMember(ctx) };
    const rows = await tx.membership.findMany({
      where: { orgId: ctx.orgId, ...(reach === "own" ? own : {}) },
      include: withPerson,
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    });
    return { items: rows.map(presentMember) };
  },
});
