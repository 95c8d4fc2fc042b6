import { count, events, type Fields, fields, list, parsed, text } from "./json.ts";
import { canonical, carriesMetadata, errorOf, type Meaning, nothing, type Stop, type Usage } from "./meaning.ts";

export const CUSTOM = "custom tool ";

const ENDS = ["response.completed", "response.incomplete", "response.failed"];

export function responsesMeaning(body: string, isStream: boolean): Meaning {
  if (!isStream) return meaningOf(parsed(body));
  const every = events(body);
  const all = firstAnswer(every);
  const end = all.findLast(({ type }) => ENDS.includes(text(type)));
  const response = fields(end?.response);
  // Some servers repeat nothing at the end: then the items are those that ended.
  const items = list(response.output);
  const ended = all.flatMap(({ type, item }) => (type === "response.output_item.done" ? [fields(item)] : []));
  const meaning = meaningOf({ ...response, output: items.length > 0 ? items : ended });
  const streamed = deltas(all, "response.output_text.delta") + deltas(all, "response.refusal.delta");
  meaning.isTorn = streamed !== meaning.text;
  meaning.text = streamed;
  meaning.hasMore = all.length < every.length;
  if (!end) {
    const failed = all.find(({ type }) => type === "error" || type === undefined);
    meaning.error = errorOf(fields(failed?.error ? failed : { error: failed })) ?? { message: "" };
    if (meaning.error.message === "{}") meaning.error.message = "";
  }
  return meaning;
}

/** Some recordings have several answers one after the other. A client reads the first. */
function firstAnswer(all: readonly Fields[]): readonly Fields[] {
  const at = all.findIndex(({ type }) => ENDS.includes(text(type)));
  return at === -1 ? all : all.slice(0, at + 1);
}

const deltas = (all: readonly Fields[], kind: string): string =>
  all.flatMap(({ type, delta }) => (type === kind ? text(delta) : [])).join("");

function meaningOf(response: Fields): Meaning {
  const meaning = { ...nothing(), error: errorOf(response), usage: usageOf(fields(response.usage)) };
  for (const item of list(response.output)) readItem(item, meaning);
  meaning.stop = stopOf(response, meaning.calls.length > 0);
  return meaning;
}

function readItem(item: Fields, meaning: Meaning): void {
  switch (item.type) {
    case "message":
      for (const part of list(item.content)) readPart(part, meaning);
      return;
    case "reasoning":
      meaning.reasoning += [...list(item.summary), ...list(item.content)].map((part) => text(part.text)).join("");
      if (text(item.encrypted_content) !== "") meaning.hiddenThoughts += 1;
      return;
    case "function_call":
      if (carriesMetadata(item.call_id)) meaning.hiddenThoughts += 1;
      meaning.calls.push({ name: text(item.name), input: canonical(item.arguments) });
      return;
    case "custom_tool_call":
      meaning.ownCalls.push(CUSTOM + text(item.name));
      return;
    case "image_generation_call":
      if (text(item.result) !== "") meaning.files += 1;
      meaning.ownCalls.push("image_generation_call");
      return;
    default:
      meaning.ownCalls.push(text(item.type));
  }
}

function readPart(part: Fields, meaning: Meaning): void {
  const said = text(part.text) + text(part.refusal);
  meaning.text += said;
  for (const { type, url, title, start_index: start, end_index: end } of list(part.annotations)) {
    if (type !== "url_citation") continue;
    meaning.citations.push({ url: text(url), title: text(title), supports: said.slice(count(start), count(end)) });
  }
}

function stopOf({ status, incomplete_details: details }: Fields, hasCalls: boolean): Stop {
  const reason = text(fields(details).reason);
  if (reason === "max_output_tokens") return "length";
  if (reason === "content_filter") return "filter";
  if (reason !== "") return `other: ${reason}`;
  return status === "completed" ? (hasCalls ? "calls" : "stop") : "none";
}

function usageOf(usage: Fields): Usage | null {
  if (typeof usage.input_tokens !== "number") return null;
  const details = fields(usage.input_tokens_details);
  return {
    input: usage.input_tokens,
    output: count(usage.output_tokens),
    cacheRead: count(details.cached_tokens),
    cacheWrite: count(details.cache_write_tokens),
    reasoning: count(fields(usage.output_tokens_details).reasoning_tokens),
  };
}
