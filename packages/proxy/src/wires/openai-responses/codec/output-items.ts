import type { LanguageModelV4File, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import { carry, idWithMetadata } from "../../carried-metadata.ts";
import type { CitedPage } from "../../cited-pages.ts";
import { fieldsOf, isFields, isString } from "../../fields.ts";
import { openAiLogprobs, type TokenLogprob } from "../../logprobs.ts";
import type { Searched } from "../../searched.ts";
import { CUSTOM_INPUT } from "./decode-tools.ts";
import type { RequestTool } from "./request-tools.ts";
import type { NewId } from "./response-object.ts";

type Status = "in_progress" | "completed" | "incomplete";

export interface Called {
  toolCallId: string;
  toolName: string;
  /** JSON. */
  input: string;
  providerMetadata?: SharedV4ProviderMetadata | undefined;
}

export const outputText = (text: string, annotations: readonly object[], logprobs: readonly TokenLogprob[] = []) => ({
  type: "output_text",
  text,
  annotations,
  logprobs: openAiLogprobs(logprobs),
});

export const messageItem = (id: string, status: Status, content: readonly object[]) => ({
  id,
  type: "message",
  status,
  role: "assistant",
  content,
});

/** A page that the text cites. */
export const citation = ({ url, title, start, end }: CitedPage): object => ({
  type: "url_citation",
  url,
  title,
  start_index: start,
  end_index: end,
});

/** Thoughts. What their provider requires back is in `encrypted_content`, which clients send again. */
export function reasoningItem(id: string, text: string, metadata: SharedV4ProviderMetadata | undefined): object {
  const encrypted = carry(metadata);
  return {
    id,
    type: "reasoning",
    summary: text === "" ? [] : [{ type: "summary_text", text }],
    ...(encrypted !== null && { encrypted_content: encrypted }),
  };
}

/** A call of one of the request's tools. Its id carries what the provider requires back. */
export function callItem(
  id: string,
  status: Status,
  { toolCallId, toolName, input, providerMetadata }: Called,
  tool: RequestTool | undefined,
): object {
  const call = {
    id,
    call_id: idWithMetadata(toolCallId, providerMetadata),
    name: tool?.name ?? toolName,
    ...(tool?.namespace && { namespace: tool.namespace }),
    status,
  };
  return tool?.kind === "custom"
    ? { type: "custom_tool_call", ...call, input: customInput(input) }
    : { type: "function_call", ...call, arguments: input };
}

export const callPrefix = (tool: RequestTool | undefined): string => (tool?.kind === "custom" ? "ctc" : "fc");

/** The text for a custom tool, from the arguments of the function that the provider got for it. */
export function customInput(input: string): string {
  try {
    const json: unknown = JSON.parse(input);
    if (isFields(json) && isString(json[CUSTOM_INPUT])) return json[CUSTOM_INPUT];
  } catch {
    // The model did not write JSON, so it wrote the text itself.
  }
  return input;
}

/** A search that the provider ran. The pages that it found are named if the client asks for them. */
export function searchItem({ queries, pages, error }: Searched, newId: NewId, wantsSources: boolean): object {
  const sources = wantsSources && { sources: pages.map(({ url }) => ({ type: "url", url })) };
  const action = { type: "search", query: queries[0] ?? "", ...(queries.length > 0 && { queries }), ...sources };
  return { id: newId("ws"), type: "web_search_call", status: error === null ? "completed" : "failed", action };
}

/** Whether the client asks for the pages that a search has found. */
export const wantsSources = (request: object): boolean => {
  const { include } = fieldsOf(request);
  return Array.isArray(include) && include.includes("web_search_call.action.sources");
};

/** An image that the model made. Null: the format has no item for other files. */
export function imageItem({ mediaType, data }: LanguageModelV4File, newId: NewId): object | null {
  if (!mediaType.startsWith("image/") || data.type !== "data") return null;
  const result = isString(data.data) ? data.data : Buffer.from(data.data).toString("base64");
  const id = newId("ig");
  return { id, type: "image_generation_call", status: "completed", output_format: mediaType.slice(6), result };
}
