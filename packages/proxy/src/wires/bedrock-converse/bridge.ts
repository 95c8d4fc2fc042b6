import type { JSONObject, LanguageModelV4FinishReason } from "@ai-sdk/provider";
import type { Bridge } from "../codec.ts";
import { isFields } from "../fields.ts";
import { cachePointOf, withPossibleCachePoints } from "./cache-points.ts";
import { ConverseModel } from "./converse-model.ts";
import { errorIn } from "./error-in.ts";
import { isClaude } from "./model-family.ts";
import { NAMESPACE } from "./namespace.ts";
import { shapePrompt } from "./shape-prompt.ts";
import { claudeThinking } from "./thinking.ts";
import { withToolsOfHistory } from "./tool-history.ts";

/** Stop reasons that the provider package does not know. */
const ENDS: Readonly<Record<string, LanguageModelV4FinishReason["unified"]>> = {
  model_context_window_exceeded: "length",
  malformed_model_output: "error",
  malformed_tool_use: "error",
};

export const bedrockBridge: Bridge = {
  open: (settings) => new ConverseModel(settings),
  lacks: new Set(["presencePenalty", "frequencyPenalty", "seed"]),
  takesImageUrls: false,
  takesAudio: false,
  takesFilesInToolResults: true,
  tiers: new Map(
    ["priority", "flex", "reserved"].map((serviceTier) => [serviceTier, { [NAMESPACE]: { serviceTier } }]),
  ),
  shape(given, extras, model) {
    const { user, parallelToolCalls } = extras;
    const ignored: string[] = user === undefined ? [] : ["user"];
    const marked = withPossibleCachePoints({ ...given, prompt: shapePrompt(given.prompt, model) }, model, ignored);
    const tools = withToolsOfHistory(marked, model);
    const thinking = isClaude(model)
      ? claudeThinking(tools.options, extras, model)
      : { options: tools.options, own: {}, ignored: [] };
    const isSerial = parallelToolCalls === false && given.tools !== undefined && given.toolChoice?.type !== "none";
    if (isSerial && !isClaude(model)) ignored.push("parallelToolCalls");
    const { responseFormat: format } = given;
    if (format?.type === "json" && format.schema === undefined) ignored.push("responseFormat");
    const own: JSONObject = {
      ...thinking.own,
      ...(Object.keys(tools.fields).length > 0 && { additionalModelRequestFields: tools.fields }),
    };
    const providerOptions = {
      [NAMESPACE]: own,
      ...(isSerial && isClaude(model) && { anthropic: { disableParallelToolUse: true } }),
    };
    return {
      options: { ...thinking.options, includeRawChunks: true, providerOptions },
      ignored: [...ignored, ...tools.ignored, ...thinking.ignored],
    };
  },
  extensions: cachePointOf,
  callExtras: () => undefined,
  // The event before the last one has the usage. A stream that breaks between them has used it.
  earlyUsage: (part) => {
    const metadata = part.type === "raw" && isFields(part.rawValue) ? part.rawValue.metadata : undefined;
    return isFields(metadata) ? metadata.usage : undefined;
  },
  errorIn,
  ended: (reason) => ({ ...reason, unified: ENDS[reason.raw ?? ""] ?? reason.unified }),
};
