import { items } from "../fields.ts";
import { verb } from "../verb.ts";
import { keysInReach } from "./find.ts";
import { presentKey, withOwners } from "./present.ts";
import { Key, ListKeys } from "./schemas.ts";

/** Newest first. A developer sees only their own keys. */
export const listKeys = verb({
  name: "keys.list",
  action: "keys:list",
  input: ListKeys,
  output: items(Key),
  http: { method: "GET", path: "/keys" },
  run: async (work) => {
    const rows = await work.tx.virtualKey.findMany({
      where: { ...keysInReach(work), ...(work.input.revoked ? {} : { state: { not: "revoked" } }) },
      include: withOwners,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    });
    return { items: rows.map((row) => presentKey(row, work.ctx.services.now())) };
  },
});
