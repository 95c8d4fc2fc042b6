import { Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentBookkeeping } from "./ask-bookkeeping.ts";
import { BookkeepingList } from "./schemas.ts";

const SHOWN_MAX = 100;

/** Newest first, the last hundred. */
export const listBookkeeping = verb({
  name: "usage.bookkeeping",
  action: "books:list",
  input: Nothing,
  output: BookkeepingList,
  http: { method: "GET", path: "/usage/bookkeeping" },
  run: async ({ tx, ctx: { orgId } }) => {
    const rows = await tx.bookkeeping.findMany({ where: { orgId }, orderBy: { askedAt: "desc" }, take: SHOWN_MAX });
    return { items: rows.map(presentBookkeeping) };
  },
});
