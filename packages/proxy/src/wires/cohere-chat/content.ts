import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Source,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { PLACE } from "../cited-pages.ts";
import { type Fields, isFields, isNumber, isString } from "../fields.ts";

export const objects = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

const ENDS: Readonly<Record<string, LanguageModelV4FinishReason["unified"]>> = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop",
  MAX_TOKENS: "length",
  TOOL_CALL: "tool-calls",
  ERROR_TOXIC: "content-filter",
  ERROR: "error",
  TIMEOUT: "error",
};

export function endOf(reason: unknown): LanguageModelV4FinishReason {
  const raw = isString(reason) ? reason : undefined;
  return { unified: ENDS[raw ?? ""] ?? "other", raw };
}

/** Only the block itself is used: the wire reads it. */
export const usageOf = (usage: unknown): LanguageModelV4Usage => ({
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
  ...(isFields(usage) && { raw: usage as NonNullable<LanguageModelV4Usage["raw"]> }),
});

/** Arguments as JSON. Cohere writes `null` or nothing for a tool without arguments. */
export const inputOf = (given: string): string => {
  const text = given.trim();
  return text === "" || text === "null" ? "{}" : text;
};

/** The pages that a citation names. Documents of the request have no URL. */
export const sourcesOf = ({ start, end, sources, type }: Fields): LanguageModelV4Source[] =>
  objects(sources).flatMap(({ document }): LanguageModelV4Source[] => {
    const { url, title } = isFields(document) ? document : {};
    if (!isString(url) || !/^https?:\/\//.test(url)) return [];
    const isPlaced = (type ?? "TEXT_CONTENT") === "TEXT_CONTENT" && isNumber(start) && isNumber(end);
    return [
      {
        ...{ type: "source", sourceType: "url", id: url, url },
        ...(isString(title) && title !== "" && { title }),
        ...(isPlaced && { providerMetadata: { [PLACE]: { start, end } } }),
      },
    ];
  });

/** The parts of a whole answer. */
export function contentOf(message: Fields): LanguageModelV4Content[] {
  const { tool_plan: plan, content, citations, tool_calls: calls } = message;
  const parts: LanguageModelV4Content[] = [];
  if (isString(plan) && plan !== "") parts.push({ type: "reasoning", text: plan });
  for (const { text, thinking } of objects(content)) {
    if (isString(thinking) && thinking !== "") parts.push({ type: "reasoning", text: thinking });
    if (isString(text) && text !== "") parts.push({ type: "text", text });
  }
  parts.push(...objects(citations).flatMap(sourcesOf));
  for (const { id, function: called } of objects(calls)) {
    const { name, arguments: given } = isFields(called) ? called : {};
    if (!isString(name)) continue;
    const input = inputOf(isString(given) ? given : "");
    parts.push({ type: "tool-call", toolCallId: isString(id) ? id : name, toolName: name, input });
  }
  return parts;
}
