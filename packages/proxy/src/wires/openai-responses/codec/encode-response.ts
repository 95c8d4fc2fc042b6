import type { LanguageModelV4Content, LanguageModelV4GenerateResult, LanguageModelV4Source } from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import { citedPages, citedSource } from "../../cited-pages.ts";
import type { AnswerNaming, Encoded } from "../../codec.ts";
import { logprobsIn } from "../../logprobs.ts";
import { searchedIn } from "../../searched.ts";
import type { TextListener } from "../../text-delta.ts";
import { ResponseTally } from "../response-tally.ts";
import { answerEnd } from "./answer-end.ts";
import {
  callItem,
  callPrefix,
  citation,
  imageItem,
  messageItem,
  outputText,
  reasoningItem,
  searchItem,
  wantsSources,
} from "./output-items.ts";
import { type RequestTool, requestTools } from "./request-tools.ts";
import { encodeUsage, idsFor, type NewId, responseObject } from "./response-object.ts";

/** Builds a response from a whole (not streamed) result. Null: the provider gave no usable finish reason. */
export function encodeResponse(
  result: LanguageModelV4GenerateResult,
  naming: AnswerNaming,
  use: Use | null,
  onText: TextListener | null,
): Encoded | null {
  const end = answerEnd(result.finishReason);
  if (!end) return null;
  const output = outputOf(result.content, naming);
  if (onText) new ResponseTally(onText).output(output, Buffer.byteLength);
  const make = responseObject(result.response, naming);
  const text = JSON.stringify(make(output, end, use && encodeUsage(use)));
  return { text, isWhole: end.status === "completed" && output.length > 0, response: text };
}

/** The items of the answer. Texts that follow each other are one message. */
function outputOf(content: readonly LanguageModelV4Content[], naming: AnswerNaming): object[] {
  const newId = idsFor(naming);
  const { tools } = requestTools(naming.request);
  const output: object[] = [];
  // They do not say to which message they belong: models write one.
  const logprobs = logprobsIn(content);
  let text = "";
  let annotations: object[] = [];
  // Pages that the answer cites, but not for which words.
  const sources: LanguageModelV4Source[] = [];
  const endMessage = (): void => {
    if (text !== "")
      output.push(messageItem(newId("msg"), "completed", [outputText(text, annotations, logprobs.splice(0))]));
    text = "";
    annotations = [];
  };
  for (const part of content) {
    if (part.type === "text") {
      annotations.push(...citedPages(part.text.length, part.citations, text.length).map(citation));
      text += part.text;
    } else if (part.type === "source") sources.push(part);
    else {
      const searched = part.type === "tool-result" ? searchedIn(part) : null;
      const item = searched ? searchItem(searched, newId, wantsSources(naming.request)) : itemOf(part, tools, newId);
      if (!item) continue;
      endMessage();
      output.push(item);
    }
  }
  annotations.push(...sources.flatMap((source) => citedSource(source, text.length) ?? []).map(citation));
  endMessage();
  return output;
}

function itemOf(part: LanguageModelV4Content, tools: ReadonlyMap<string, RequestTool>, newId: NewId): object | null {
  if (part.type === "reasoning") return reasoningItem(newId("rs"), part.text, part.providerMetadata);
  if (part.type === "file") return imageItem(part, newId);
  // A call that the provider runs itself is not one for the client.
  if (part.type !== "tool-call" || part.providerExecuted) return null;
  const tool = tools.get(part.toolName);
  const input = part.input.trim() === "" ? "{}" : part.input;
  return callItem(newId(callPrefix(tool)), "completed", { ...part, input }, tool);
}
