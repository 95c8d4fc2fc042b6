import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { type Fields, isFields, isString } from "../fields.ts";
import { toolCachePoints } from "./cache-points.ts";
import { hasToolStatus } from "./model-family.ts";

type Fetch = typeof globalThis.fetch;

/** More ids are added to the parsed body, because the text would be searched for each. */
const SEARCHED_MAX = 16;

/** Adds to the request what the provider package leaves out: cache points after tools, and which tool results are errors. */
export function amended(fetch: Fetch, options: LanguageModelV4CallOptions, model: string): Fetch {
  const points = toolCachePoints(options);
  const failed = hasToolStatus(model) ? failedCalls(options.prompt) : new Map<string, number>();
  if (points.size === 0 && failed.size === 0) return fetch;
  return (input, init) => {
    const body = String(init?.body);
    const short = points.size === 0 ? withStatus(body, failed) : null;
    return fetch(input, { ...init, body: short ?? reparsed(body, points, failed) });
  };
}

/** Adds the status of failed results without parsing the body. Null: a result cannot be told from what a tool was given. */
function withStatus(body: string, failed: ReadonlyMap<string, number>): string | null {
  if (failed.size > SEARCHED_MAX) return null;
  let text = body;
  for (const [id, count] of failed) {
    const start = `{"toolResult":{"toolUseId":${JSON.stringify(id)},`;
    const pieces = text.split(start);
    if (pieces.length !== count + 1) return null;
    text = pieces.join(`${start}"status":"error",`);
  }
  return text;
}

function reparsed(text: string, points: ReadonlyMap<string, Fields>, failed: ReadonlyMap<string, number>): string {
  const body: unknown = JSON.parse(text);
  if (!isFields(body)) return text;
  if (isFields(body.toolConfig)) addCachePoints(body.toolConfig, points);
  for (const { toolResult: result } of blocksOf(body)) {
    if (isFields(result) && failed.has(String(result.toolUseId))) Object.assign(result, { status: "error" });
  }
  return JSON.stringify(body);
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

/** How many failed results each call has. It is one, except in requests that are wrong. */
function failedCalls(prompt: LanguageModelV4Prompt): Map<string, number> {
  const failed = new Map<string, number>();
  for (const message of prompt) {
    if (message.role !== "tool") continue;
    for (const part of message.content) {
      if (part.type !== "tool-result" || !part.output.type.startsWith("error")) continue;
      failed.set(part.toolCallId, (failed.get(part.toolCallId) ?? 0) + 1);
    }
  }
  return failed;
}
