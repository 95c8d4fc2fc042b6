import type { Uuid } from "@tollgate/contracts/ids";
import { ownMember } from "../authorize.ts";
import { namesOf } from "../names.ts";
import { verb } from "../verb.ts";
import { findRequests } from "./find-requests.ts";
import { requestFilter } from "./request-filter.ts";
import { idsOf, presentRow } from "./request-row.ts";
import { ListRequests, RequestPage } from "./schemas.ts";

const msOf = (instant: string | undefined): number | undefined => (instant ? Date.parse(instant) : undefined);

/** The bound of a slice as a valid UUIDv7. No request has an id between the two. */
const cursorAt = (bound: Uuid): Uuid => bound.replace("-0000-0000-", "-7000-8000-");

/**
 * Newest first, with keyset pages on the id. A search that takes too long ends early: its answer says how far back it has
 * searched, and its cursor continues there. A developer sees only their own requests.
 */
export const listRequests = verb({
  name: "usage.requests",
  action: "usage:requests",
  input: ListRequests,
  output: RequestPage,
  http: { method: "GET", path: "/usage/requests" },
  run: async ({ tx, ctx, reach, input: { limit, cursor, from, to, ...asked } }) => {
    const { orgId } = ctx;
    const memberId = reach === "own" ? ownMember(ctx) : asked.memberId;
    const filter = requestFilter({ ...asked, memberId });
    const range = { cursor, fromMs: msOf(from), toMs: msOf(to) };
    const { ids, stopped } = await findRequests(tx, ctx, { ...range, filter, wanted: limit + 1 });
    await tx.$executeRaw`set local statement_timeout = '5s'`;
    const shown = ids.slice(0, limit);
    const where = { orgId, id: { in: shown } };
    const rows = shown.length > 0 ? await tx.usageRated.findMany({ where, orderBy: { id: "desc" } }) : [];
    const names = await namesOf(tx, orgId, idsOf(rows));
    return {
      items: rows.map((row) => presentRow(row, names)),
      nextCursor: ids.length > limit ? (shown.at(-1) ?? null) : stopped && cursorAt(stopped.before),
      searchedBackTo: stopped && new Date(stopped.atMs).toISOString(),
    };
  },
});
