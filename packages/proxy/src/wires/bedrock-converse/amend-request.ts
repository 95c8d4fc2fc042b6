import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { type Fields, isFields, isString } from "../fields.ts";
import { toolCachePoints } from "./cache-points.ts";
import { hasToolStatus } from "./model-family.ts";

type Fetch = typeof globalThis.fetch;

/** Adds to the request what the provider package leaves out: cache points after tools, and which tool results are errors. */
export function amended(fetch: Fetch, options: LanguageModelV4CallOptions, model: string): Fetch {
  const points = toolCachePoints(options);
  const failed = hasToolStatus(model) ? failedCalls(options.prompt) : new Set<string>();
  if (points.size === 0 && failed.size === 0) return fetch;
  return (input, init) => {
    const body: unknown = JSON.parse(String(init?.body));
    if (!isFields(body)) return fetch(input, init);
    if (isFields(body.toolConfig)) addCachePoints(body.toolConfig, points);
    for (const { toolResult: result } of blocksOf(body)) {
      if (isFields(result) && failed.has(String(result.toolUseId))) Object.assign(result, { status: "error" });
    }
    return fetch(input, { ...init, body: JSON.stringify(body) });
  };
}

function addCachePoints(config: Fields, points: ReadonlyMap<string, Fields>): void {
  if (!Array.isArray(config.tools)) return;
  const tools = config.tools.flatMap((tool: unknown) => {
    const spec = isFields(tool) && isFields(tool.toolSpec) ? tool.toolSpec : {};
    const point = isString(spec.name) ? points.get(spec.name) : undefined;
    return point ? [tool, { cachePoint: point }] : [tool];
  });
  Object.assign(config, { tools });
}

const blocksOf = ({ messages }: Fields): Fields[] =>
  (Array.isArray(messages) ? messages : []).flatMap((message: unknown) =>
    isFields(message) && Array.isArray(message.content) ? message.content.filter(isFields) : [],
  );

const failedCalls = (prompt: LanguageModelV4Prompt): ReadonlySet<string> =>
  new Set(
    prompt.flatMap((message) =>
      message.role !== "tool"
        ? []
        : message.content.flatMap((part) =>
            part.type === "tool-result" && part.output.type.startsWith("error") ? [part.toolCallId] : [],
          ),
    ),
  );
