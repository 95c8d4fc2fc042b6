import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { type Fields, invalid, isFields, isNumber } from "../../fields.ts";
import { objectIn } from "../names.ts";

type Effort = LanguageModelV4CallOptions["reasoning"];

const LEVELS: Readonly<Record<string, Effort>> = { MINIMAL: "minimal", LOW: "low", MEDIUM: "medium", HIGH: "high" };
/** Budgets in tokens up to which an effort is low or medium. */
const LOW_TOKENS_MAX = 4_096;
const MEDIUM_TOKENS_MAX = 12_288;

const PARAM = "generationConfig.thinkingConfig";

/** Translates `thinkingConfig`. A budget of -1 leaves the amount to the model; 0 asks for no thoughts. */
export function decodeThinking(config: Fields): {
  reasoning: Effort;
  thinkingTokens: number | undefined;
  wantsThoughts: boolean;
} {
  const { includeThoughts, thinkingBudget: budget, thinkingLevel: level } = objectIn(config, "thinkingConfig", PARAM);
  if ((budget ?? null) !== null && !isNumber(budget)) throw invalid(`${PARAM}.thinkingBudget`, "a number");
  const tokens = isNumber(budget) && budget > 0 ? budget : undefined;
  return {
    reasoning: levelOf(level) ?? (tokens === undefined ? undefined : effortFor(tokens)),
    thinkingTokens: tokens,
    wantsThoughts: includeThoughts === true,
  };
}

function levelOf(level: unknown): Effort {
  if (level === undefined || level === null || level === "THINKING_LEVEL_UNSPECIFIED") return undefined;
  const effort = LEVELS[String(level).toUpperCase()];
  if (!effort) throw invalid(`${PARAM}.thinkingLevel`, `one of ${Object.keys(LEVELS).join(", ")}`);
  return effort;
}

const effortFor = (tokens: number): Effort =>
  tokens <= LOW_TOKENS_MAX ? "low" : tokens <= MEDIUM_TOKENS_MAX ? "medium" : "high";

/** Whether a request asks to see thoughts. */
export function showsThoughts(config: unknown): boolean {
  const thinking = isFields(config) ? (config.thinkingConfig ?? config.thinking_config) : undefined;
  return isFields(thinking) && (thinking.includeThoughts ?? thinking.include_thoughts) === true;
}
