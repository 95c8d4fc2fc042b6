import { ownMember } from "../authorize.ts";
import { notFound } from "../failure.ts";
import type { Work } from "../verb.ts";
import { withOwners } from "./present.ts";

/** What narrows a query to the keys this actor may see. */
export const keysInReach = ({ ctx, reach }: Pick<Work<unknown>, "ctx" | "reach">) => ({
  orgId: ctx.orgId,
  ...(reach === "own" ? { memberId: ownMember(ctx) } : {}),
});

/** Throws `not_found`, for a key out of the actor's reach too. */
export async function findKey(work: Pick<Work<unknown>, "tx" | "ctx" | "reach">, id: string) {
  const row = await work.tx.virtualKey.findFirst({ where: { ...keysInReach(work), id }, include: withOwners });
  if (!row) throw notFound("key");
  return row;
}
