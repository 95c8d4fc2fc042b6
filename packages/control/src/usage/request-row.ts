import { usdString } from "@tollgate/contracts/money";
import { GuardrailHit } from "@tollgate/contracts/usage-event";
import type { Prisma } from "@tollgate/db/query";
import { z } from "zod";
import { RequestRow } from "./schemas.ts";

/** As `usage_rated` has it: at what it costs by now. */
export type EventRow = Prisma.UsageRatedGetPayload<object>;

export const Hits = z.array(GuardrailHit);

const { cache: Cache, pricing: Pricing, source: Source } = RequestRow.shape;

/** Null stays unknown. */
export const usdOf = (nano: { toFixed(): string } | null): string | null =>
  nano === null ? null : usdString(BigInt(nano.toFixed()));

/** `names` are those of its key, team and member. */
export const presentRow = (row: EventRow, names: ReadonlyMap<string, string>): RequestRow => ({
  id: row.id,
  at: row.at.toISOString(),
  keyId: row.keyId,
  keyName: names.get(row.keyId) ?? "",
  teamName: row.teamId && (names.get(row.teamId) ?? null),
  memberName: row.memberId && (names.get(row.memberId) ?? null),
  model: row.model,
  provider: row.provider,
  upstreamModel: row.upstreamModel,
  surface: row.surface,
  stream: row.stream,
  status: row.status,
  error: row.error,
  outcome: row.outcome,
  cache: Cache.parse(row.cache),
  attemptCount: row.attemptCount,
  inputTokens: row.inputTokens,
  outputTokens: row.outputTokens,
  costUsd: usdOf(row.costNano),
  pricing: Pricing.parse(row.pricing),
  source: Source.parse(row.source),
  totalMs: row.totalMs,
  firstTokenMs: row.firstTokenMs,
  guardrailHits: Hits.parse(row.guardrails).length,
});
