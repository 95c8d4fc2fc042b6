import { usdString } from "@tollgate/contracts/money";
import { StoredAttempt } from "@tollgate/contracts/usage-event";
import type { Prisma } from "@tollgate/db/query";
import { z } from "zod";
import { ownMember } from "../authorize.ts";
import { notFound } from "../failure.ts";
import { ById } from "../fields.ts";
import { type Named, namesOf } from "../names.ts";
import { verb } from "../verb.ts";
import { presentTokens, presentUse } from "./present-use.ts";
import { type EventRow, Hits, idsOf, presentRow, usdOf } from "./request-row.ts";
import { Adjustment, RequestDetail } from "./schemas.ts";
import { useOf } from "./use-of-row.ts";

const Attempts = z.array(StoredAttempt);
const Tags = z.record(z.string(), z.string());

const Reason = Adjustment.shape.reason;

const presentAdjustment = (entry: Prisma.UsageAdjustmentGetPayload<object>): Adjustment => ({
  at: entry.at.toISOString(),
  reason: Reason.parse(entry.reason),
  costUsd: usdString(BigInt(entry.costNano.toFixed())),
  priceVersion: entry.priceVersion,
  bookedAt: entry.bookedAt.toISOString(),
  closedMonth: entry.closedMonth,
  askedBy: entry.askedBy,
  note: entry.note,
});

function presentDetail(row: EventRow, names: ReadonlyMap<string, Named>, adjustments: Adjustment[]): RequestDetail {
  const use = useOf(row);
  return {
    ...presentRow(row, names),
    errorMessage: row.errorMessage,
    teamId: row.teamId,
    memberId: row.memberId,
    modelId: row.modelId,
    credentialId: row.credentialId,
    credentialName: row.credentialId && (names.get(row.credentialId)?.name ?? null),
    attempts: Attempts.parse(row.attempts).map(({ costNano, countedNano: _, computedNano, use, ...attempt }) => ({
      ...attempt,
      use: use && presentUse(use),
      tokens: use && presentTokens(use),
      costUsd: costNano === null ? null : usdString(BigInt(costNano)),
      ...(computedNano !== undefined && {
        computedUsd: computedNano === null ? null : usdString(BigInt(computedNano)),
      }),
    })),
    use: presentUse(use),
    tokens: presentTokens(use),
    countedUsd: usdOf(row.countedNano),
    priceVersion: row.priceVersion,
    adjustments,
    flags: row.flags,
    guardrails: Hits.parse(row.guardrails),
    tags: Tags.parse(row.tags),
    customer: row.customer,
    endUser: row.endUser,
    costCentre: row.costCentre,
    clientRequestId: row.clientRequestId,
    metadata: row.metadata,
    overheadMs: row.overheadMs,
  };
}

/** All details of one request. Throws `not_found`, also when the actor may not see the request. */
export const getRequest = verb({
  name: "usage.request",
  action: "usage:requests",
  input: ById,
  output: RequestDetail,
  http: { method: "GET", path: "/usage/requests/{id}" },
  run: async ({ tx, ctx, reach, input: { id } }) => {
    const { orgId } = ctx;
    const own = reach === "own" ? { memberId: ownMember(ctx) } : {};
    const row = await tx.usageRated.findFirst({ where: { orgId, id, ...own } });
    if (!row) throw notFound("request");
    const names = await namesOf(tx, orgId, idsOf([row]));
    const entries = await tx.usageAdjustment.findMany({ where: { orgId, eventId: id }, orderBy: { at: "asc" } });
    return presentDetail(row, names, entries.map(presentAdjustment));
  },
});
