import type { Use } from "@tollgate/contracts/usage-event";
import type { Counts } from "../usage/counts.ts";
import { openaiUsage } from "../usage/openai-usage.ts";

/** Tokens of gpt-image. Without details, all output is images. */
export function imageUsage(counts: Counts): Use | null {
  const use = openaiUsage(counts);
  if (!use) return null;
  const isTold = counts.inner(["output_tokens_details"], (details) => details.has("image_tokens"));
  return isTold ? use : { ...use, imageOutput: use.output || undefined };
}
