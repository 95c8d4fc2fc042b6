import { count, type Fields, fields, list, parsed, text } from "./json.ts";
import { canonical, errorOf, type Meaning, nothing, type Stop, type Usage } from "./meaning.ts";

const STOPS: Readonly<Record<string, Stop>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "calls",
  guardrail_intervened: "filter",
  content_filtered: "filter",
};

/** A stream has one event payload per line. */
export function converseMeaning(body: string, isStream: boolean): Meaning {
  const answer = isStream ? assembled(body.split("\n").map(parsed)) : parsed(body);
  const meaning = { ...nothing(), error: errorOf(answer), usage: usageOf(fields(answer.usage)) };
  for (const block of list(fields(fields(answer.output).message).content)) readBlock(block, meaning);
  const reason = text(answer.stopReason);
  if (reason !== "") meaning.stop = STOPS[reason] ?? `other: ${reason}`;
  return meaning;
}

/** A stream as the whole answer that it stands for. */
function assembled(all: readonly Fields[]): Fields {
  const blocks = new Map<number, Fields>();
  let end: Fields = {};
  for (const { contentBlockStart, contentBlockDelta, messageStop, metadata } of all) {
    const started = fields(contentBlockStart);
    if (contentBlockStart) blocks.set(count(started.contentBlockIndex), { ...fields(started.start) });
    const { contentBlockIndex, delta } = fields(contentBlockDelta);
    if (contentBlockDelta) extend(blocks, count(contentBlockIndex), fields(delta));
    if (messageStop) end = { ...end, stopReason: fields(messageStop).stopReason };
    if (metadata) end = { ...end, usage: fields(metadata).usage };
  }
  return { ...end, output: { message: { content: [...blocks.values()] } } };
}

function extend(blocks: Map<number, Fields>, index: number, delta: Fields): void {
  const block = blocks.get(index) ?? {};
  blocks.set(index, block);
  if (delta.text !== undefined) block.text = text(block.text) + text(delta.text);
  const call = fields(block.toolUse);
  if (delta.toolUse) block.toolUse = { ...call, input: text(call.input) + text(fields(delta.toolUse).input) };
  const thought = fields(fields(block.reasoningContent).reasoningText);
  const more = fields(delta.reasoningContent);
  if (delta.reasoningContent) {
    const reasoningText = {
      text: text(thought.text) + text(more.text),
      signature: text(thought.signature) + text(more.signature),
    };
    block.reasoningContent = { reasoningText };
  }
}

function readBlock(block: Fields, meaning: Meaning): void {
  meaning.text += text(block.text);
  const { name, input } = fields(block.toolUse);
  if (block.toolUse) meaning.calls.push({ name: text(name), input: canonical(input ?? {}) });
  const thought = fields(fields(block.reasoningContent).reasoningText);
  meaning.reasoning += text(thought.text);
  if (text(thought.signature) !== "") meaning.hiddenThoughts += 1;
}

function usageOf(usage: Fields): Usage | null {
  if (typeof usage.inputTokens !== "number") return null;
  const [cacheRead, cacheWrite] = [count(usage.cacheReadInputTokens), count(usage.cacheWriteInputTokens)];
  return {
    input: usage.inputTokens + cacheRead + cacheWrite,
    output: count(usage.outputTokens),
    cacheRead,
    cacheWrite,
    reasoning: 0,
  };
}
