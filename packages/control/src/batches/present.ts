import { readUnsureBatch } from "@tollgate/contracts/batch";
import { usdString } from "@tollgate/contracts/money";
import type { Prisma } from "@tollgate/db/query";
import type { Named } from "../names.ts";
import type { Batch } from "./schemas.ts";

type Row = Prisma.BatchGetPayload<object>;

/** The window of OpenAI's and Anthropic's batches. */
const WINDOW_MS = 24 * 3_600_000;

const usd = (nano: Row["costNano"]): string | null => (nano === null ? null : usdString(BigInt(nano.toFixed(0))));

/** `names` has the names of the keys. */
export const presentBatch = (row: Row, names: ReadonlyMap<string, Named>): Batch => ({
  id: row.id,
  keyId: row.keyId,
  keyName: names.get(row.keyId)?.name ?? "",
  credentialId: row.credentialId,
  model: row.model,
  provider: row.provider,
  upstreamModel: row.upstreamModel,
  providerBatchId: readUnsureBatch(row.providerBatchId) ? null : row.providerBatchId,
  state: (row.outcome ?? "open") as Batch["state"],
  heldUsd: usd(row.heldNano),
  costUsd: usd(row.costNano),
  linesDone: row.linesDone,
  linesFailed: row.linesFailed,
  createdAt: row.createdAt.toISOString(),
  endsBy: new Date(row.createdAt.getTime() + WINDOW_MS).toISOString(),
  cancelAskedAt: row.cancelAskedAt?.toISOString() ?? null,
  settledAt: row.settledAt?.toISOString() ?? null,
});
