import { createdBatch, isBatchSurface } from "@tollgate/contracts/batch";
import { usdString } from "@tollgate/contracts/money";
import { GuardrailHit } from "@tollgate/contracts/usage-event";
import type { Prisma } from "@tollgate/db/query";
import { z } from "zod";
import { type Ids, type Kind, NAMED, type Named } from "../names.ts";
import { RequestRow } from "./schemas.ts";

/** A row of `usage_rated`: the event with its current cost. */
export type EventRow = Prisma.UsageRatedGetPayload<object>;

export const Hits = z.array(GuardrailHit);

const { cache: Cache, pricing: Pricing, source: Source } = RequestRow.shape;

/** Null means unknown. */
export const usdOf = (nano: { toFixed(): string } | null): string | null =>
  nano === null ? null : usdString(BigInt(nano.toFixed()));

/** The ids in the rows, for `namesOf`. */
export const idsOf = (rows: readonly EventRow[]): Ids => ({
  key: rows.map(({ keyId }) => keyId),
  team: rows.map(({ teamId }) => teamId),
  member: rows.map(({ memberId }) => memberId),
  model: rows.map(({ modelId }) => modelId),
  credential: rows.map(({ credentialId }) => credentialId),
});

const deletedOf = (row: EventRow, names: ReadonlyMap<string, Named>): Kind[] => {
  const { keyId: key, teamId: team, memberId: member, modelId: model, credentialId: credential } = row;
  const ids: Record<Kind, string | null> = { key, team, member, model, credential };
  return NAMED.filter((kind) => names.get(ids[kind] ?? "")?.deleted);
};

/** The request created a batch whose usage is not known yet. Once it is, the request itself costs nothing. */
const isOpenBatch = ({ surface, costNano, flags }: EventRow): boolean =>
  costNano === null && isBatchSurface(surface) && createdBatch(flags) !== null;

/** `names` are the names of `idsOf`. */
export const presentRow = (row: EventRow, names: ReadonlyMap<string, Named>): RequestRow => ({
  id: row.id,
  at: row.at.toISOString(),
  keyId: row.keyId,
  keyName: names.get(row.keyId)?.name ?? "",
  teamName: row.teamId && (names.get(row.teamId)?.name ?? null),
  memberName: row.memberId && (names.get(row.memberId)?.name ?? null),
  deleted: deletedOf(row, names),
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
  isOpen: isOpenBatch(row),
  heldUsd: usdOf(row.heldNano),
  pricing: Pricing.parse(row.pricing),
  source: Source.parse(row.source),
  totalMs: row.totalMs,
  firstTokenMs: row.firstTokenMs,
  guardrailHits: Hits.parse(row.guardrails).length,
  session: row.session,
});
