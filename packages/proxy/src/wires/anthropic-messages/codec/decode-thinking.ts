import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { type Fields, invalid, isFields, isNumber } from "../../fields.ts";

type Effort = LanguageModelV4CallOptions["reasoning"];

const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;

/** Budgets in tokens up to which an effort is low or medium. */
const LOW_TOKENS_MAX = 4_096;
const MEDIUM_TOKENS_MAX = 12_288;

export interface Thinking {
  reasoning: Effort;
  /** The budget in tokens, for providers that have one. */
  thinkingTokens: number | undefined;
  /** The client expects to see thoughts. */
  wantsThoughts: boolean;
}

/** Translates `thinking` and `output_config.effort`. Adaptive thinking without an effort is the provider's default. */
export function decodeThinking({ thinking, output_config: config }: Fields): Thinking {
  const effort = isFields(config) ? effortOf(config.effort) : undefined;
  if (thinking === undefined || thinking === null) {
    return { reasoning: effort, thinkingTokens: undefined, wantsThoughts: false };
  }
  if (!isFields(thinking)) throw invalid("thinking", "an object");
  switch (thinking.type) {
    case "disabled":
      return { reasoning: undefined, thinkingTokens: undefined, wantsThoughts: false };
    case "adaptive":
      return { reasoning: effort, thinkingTokens: undefined, wantsThoughts: thinking.display !== "omitted" };
    case "enabled": {
      const { budget_tokens: tokens } = thinking;
      if (!isNumber(tokens)) throw invalid("thinking.budget_tokens", "a number");
      return { reasoning: effort ?? effortFor(tokens), thinkingTokens: tokens, wantsThoughts: true };
    }
    default:
      throw invalid("thinking.type", "enabled, adaptive or disabled");
  }
}

function effortOf(effort: unknown): Effort {
  if (effort === undefined || effort === null) return undefined;
  const known = EFFORTS.find((each) => each === effort);
  if (!known) throw invalid("output_config.effort", `one of ${EFFORTS.join(", ")}`);
  return known;
}

const effortFor = (tokens: number): Effort =>
  tokens <= LOW_TOKENS_MAX ? "low" : tokens <= MEDIUM_TOKENS_MAX ? "medium" : "high";
