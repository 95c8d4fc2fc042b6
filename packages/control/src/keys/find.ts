import { ownMember } from "../authorize.ts";
import { notFound } from "../failure.ts";
import type { Work } from "../verb.ts";
import { withOwners } from "./present.ts";

/** The condition that limits a query to the keys that this actor may see. */
export const keysInReach = ({ ctx, reach }: Pick<Work<unknown>, "ctx" | "reach">) => ({
  orgId: ctx.orgId,
  ...(reach === "own" ? { memberId: ownMember(ctx) } : {}),
});

/** Throws `not_found`, also for a key that the actor may not see. */
export async function findKey(work: Pick<Work<unknown>, "tx" | "ctx" | "reach">, id: string) {
  const row = await work.tx.virtualKey.findFirst({ where: { ...keysInReach(work), id }, include: withOwners });
  if (!row) throw notFound("key");
  return row;
}
