import type { Dialect } from "@tollgate/catalog/providers";
import type { Tokens } from "@tollgate/contracts/usage-event";

/** What this call cannot have exceeded; a report beyond it is clamped and flagged. */
export interface UsageCap {
  inputTokens: number | null;
  outputTokens: number | null;
}

/** The tokens of one usage block and the flags its row gets (`usage_suspect`). Null: it is no usage block. */
export declare function readUsage(
  dialect: Dialect,
  block: unknown,
  cap?: UsageCap,
): { tokens: Tokens; flags: string[] } | null;
