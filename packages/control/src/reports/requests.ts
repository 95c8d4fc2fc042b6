import { ownMember } from "../authorize.ts";
import { namesOf } from "../names.ts";
import { verb } from "../verb.ts";
import { requestFilter } from "./request-filter.ts";
import { idsOf, presentRow } from "./request-row.ts";
import { ListRequests, RequestPage } from "./schemas.ts";

/** Newest first, with keyset pages on the id, so every page costs the same. A developer sees only their own requests. */
export const listRequests = verb({
  name: "usage.requests",
  action: "usage:requests",
  input: ListRequests,
  output: RequestPage,
  http: { method: "GET", path: "/usage/requests" },
  run: async ({ tx, ctx, reach, input: { limit, ...asked } }) => {
    const { orgId } = ctx;
    const memberId = reach === "own" ? ownMember(ctx) : asked.memberId;
    await tx.$executeRaw`set local statement_timeout = '5s'`;
    const rows = await tx.usageRated.findMany({
      where: { orgId, ...requestFilter({ ...asked, memberId }) },
      orderBy: { id: "desc" },
      take: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const names = await namesOf(tx, orgId, idsOf(shown));
    const nextCursor = rows.length > limit ? (shown.at(-1)?.id ?? null) : null;
    return { items: shown.map((row) => presentRow(row, names)), nextCursor };
  },
});
