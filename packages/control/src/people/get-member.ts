import { ownMember } from "../authorize.ts";
import { notFound } from "../failure.ts";
import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findMember } from "./find-member.ts";
import { presentMember } from "./present.ts";
import { Member } from "./schemas.ts";

/** A developer sees themselves. */
export const getMember = verb({
  name: "members.get",
  action: "members:list",
  input: ById,
  output: Member,
  http: { method: "GET", path: "/members/{id}" },
  run: async ({ tx, ctx, reach, input: { id } }) => {
    if (reach === "own" && id !== ownMember(ctx)) throw notFound("member");
    return presentMember(await findMember(tx, ctx.orgId, id));
  },
});
