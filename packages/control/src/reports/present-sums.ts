import { usdString } from "@tollgate/contracts/money";
import type { RawSums } from "../rollups/raw-sums.ts";
import type { Sums } from "./schemas.ts";

export const presentSums = (sums: RawSums): Sums => ({
  costUsd: usdString(sums.costNano),
  requests: sums.requests,
  errors: sums.errors,
  unpriced: sums.unpriced,
  cacheHits: sums.cacheHits,
  inputTokens: sums.inputTokens,
  outputTokens: sums.outputTokens,
  use: sums.use,
});
