import type { Use } from "@tollgate/contracts/usage-event";
import type { Counts } from "../usage/counts.ts";

/** Usage by tokens (gpt-4o-transcribe) or by seconds (whisper). */
export function transcriptUsage(counts: Counts): Use | null {
  if (counts.has("seconds")) return { input: 0, output: 0, audioSeconds: counts.get("seconds") };
  if (!counts.has("input_tokens") && !counts.has("prompt_tokens")) return null;
  const audio = counts.inner(["input_token_details", "input_tokens_details", "prompt_tokens_details"], (details) =>
    details.get("audio_tokens"),
  );
  return {
    input: counts.get("input_tokens", "prompt_tokens"),
    output: counts.get("output_tokens", "completion_tokens"),
    audioInput: audio || undefined,
    // Mistral reports the seconds besides the tokens.
    audioSeconds: counts.has("prompt_audio_seconds") ? counts.get("prompt_audio_seconds") : undefined,
  };
}
