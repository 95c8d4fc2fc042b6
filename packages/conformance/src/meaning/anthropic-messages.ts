import { count, events, type Fields, fields, list, parsed, text } from "./json.ts";
import { canonical, carriesMetadata, errorOf, type Meaning, nothing, type Stop, type Usage } from "./meaning.ts";

const STOPS: Readonly<Record<string, Stop>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "calls",
  refusal: "filter",
};

export function messagesMeaning(body: string, isStream: boolean): Meaning {
  const answer = isStream ? assembled(events(body)) : parsed(body);
  const meaning = { ...nothing(), error: errorOf(answer), usage: usageOf(fields(answer.usage)) };
  for (const block of list(answer.content)) readBlock(block, meaning);
  const reason = text(answer.stop_reason);
  if (reason !== "") meaning.stop = STOPS[reason] ?? `other: ${reason}`;
  return meaning;
}

/** A stream as the whole message that it stands for. */
function assembled(all: readonly Fields[]): Fields {
  let message: Fields = {};
  const blocks: Fields[] = [];
  for (const event of all) {
    if (event.type === "message_stop") break;
    const open = blocks.at(-1);
    const delta = fields(event.delta);
    if (event.type === "message_start") {
      const started = fields(event.message);
      // Proxies of the provider repeat the start. Another message within this one makes it unreadable.
      if (message.id !== undefined && message.id !== started.id) return { error: { message: "" } };
      message = { ...started, ...message };
    }
    if (event.type === "content_block_start") blocks.push({ ...fields(event.content_block) });
    else if (event.type === "content_block_delta" && open) extend(open, delta);
    else if (event.type === "message_delta") {
      message = { ...message, ...delta, usage: { ...fields(message.usage), ...fields(event.usage) } };
    } else if (event.type === "error") return { ...message, ...event, content: blocks };
  }
  return { ...message, content: blocks };
}

function extend(block: Fields, delta: Fields): void {
  const add = (field: string, more: unknown): void => {
    block[field] = text(block[field]) + text(more);
  };
  if (delta.type === "text_delta") add("text", delta.text);
  else if (delta.type === "thinking_delta") add("thinking", delta.thinking);
  else if (delta.type === "signature_delta") add("signature", delta.signature);
  else if (delta.type === "input_json_delta") add("json", delta.partial_json);
  else if (delta.type === "citations_delta") block.citations = [...list(block.citations), fields(delta.citation)];
}

function readBlock(block: Fields, meaning: Meaning): void {
  switch (block.type) {
    case "text":
      meaning.text += text(block.text);
      for (const { url, title } of list(block.citations)) {
        if (text(url) !== "")
          meaning.citations.push({ url: text(url), title: text(title), supports: text(block.text) });
      }
      return;
    case "thinking":
      meaning.reasoning += text(block.thinking);
      meaning.hiddenThoughts += 1;
      return;
    case "redacted_thinking":
      meaning.hiddenThoughts += 1;
      return;
    case "tool_use":
      if (carriesMetadata(block.id)) meaning.hiddenThoughts += 1;
      meaning.calls.push({ name: text(block.name), input: canonical(text(block.json) || block.input) });
      return;
    default:
      meaning.ownCalls.push(text(block.type));
  }
}

/** The totals leave out compactions, which are charged too, so the model's own iterations are added up. */
function usageOf(usage: Fields): Usage | null {
  if (typeof usage.output_tokens !== "number") return null;
  const iterations = list(usage.iterations);
  const own = iterations.filter(({ type }) => type === "message" || type === "compaction");
  const isSum = own.length > 0 && !iterations.some(({ type }) => type === "fallback_message");
  const sum = (name: string): number => (isSum ? own : [usage]).reduce((total, each) => total + count(each[name]), 0);
  const [cacheRead, cacheWrite] = [sum("cache_read_input_tokens"), sum("cache_creation_input_tokens")];
  return {
    input: sum("input_tokens") + cacheRead + cacheWrite,
    output: sum("output_tokens"),
    cacheRead,
    cacheWrite,
    reasoning: count(fields(usage.output_tokens_details).thinking_tokens),
  };
}
