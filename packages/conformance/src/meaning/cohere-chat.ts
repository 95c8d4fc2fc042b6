import { count, events, type Fields, fields, list, parsed, text } from "./json.ts";
import { canonical, errorOf, type Meaning, nothing, type Stop, type Usage } from "./meaning.ts";

const STOPS: Readonly<Record<string, Stop>> = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop",
  MAX_TOKENS: "length",
  TOOL_CALL: "calls",
};

/** Version 2 of Cohere's chat. */
export function cohereMeaning(body: string, isStream: boolean): Meaning {
  const answer = isStream ? assembled(events(body)) : parsed(body);
  const { finish_reason: reason, usage } = answer;
  const message = fields(answer.message);
  const meaning = { ...nothing(), error: errorOf(answer), usage: usageOf(fields(usage)) };
  // A plan is what the model thinks before its calls.
  meaning.reasoning = text(message.tool_plan);
  for (const part of list(message.content)) {
    meaning.text += text(part.text);
    meaning.reasoning += text(part.thinking);
  }
  for (const call of list(message.tool_calls)) {
    const { name, arguments: input } = fields(call.function);
    meaning.calls.push({ name: text(name), input: canonical(input === "null" ? "" : text(input)) });
  }
  for (const { sources, text: supports } of list(message.citations)) {
    for (const source of list(sources)) {
      const { url, title } = fields(source.document);
      if (text(url) === "") meaning.ownCitations += 1;
      else meaning.citations.push({ url: text(url), title: text(title), supports: text(supports) });
    }
  }
  if (typeof reason === "string") meaning.stop = STOPS[reason] ?? `other: ${reason}`;
  return meaning;
}

/** A stream as the whole answer that it stands for. */
function assembled(all: readonly Fields[]): Fields {
  const contents = new Map<unknown, Fields>();
  const calls = new Map<unknown, Fields>();
  const citations: unknown[] = [];
  let plan = "";
  let end: Fields = {};
  for (const { type, index, delta } of all) {
    const message = fields(fields(delta).message);
    plan += text(message.tool_plan);
    if (type === "content-start" || type === "content-delta") {
      const [known, more] = [contents.get(index) ?? {}, fields(message.content)];
      const joined = { text: text(known.text) + text(more.text), thinking: text(known.thinking) + text(more.thinking) };
      contents.set(index, joined);
    }
    if (type === "tool-call-start" || type === "tool-call-delta") {
      const [known, more] = [fields(calls.get(index)?.function), fields(fields(message.tool_calls).function)];
      const name = text(known.name) || text(more.name);
      calls.set(index, { function: { name, arguments: text(known.arguments) + text(more.arguments) } });
    }
    if (type === "citation-start") citations.push(message.citations);
    if (type === "message-end") end = fields(delta);
  }
  const message = { tool_plan: plan, content: [...contents.values()], tool_calls: [...calls.values()], citations };
  return { ...end, message };
}

function usageOf({ billed_units: billed }: Fields): Usage | null {
  const { input_tokens: input, output_tokens: output } = fields(billed);
  if (typeof input !== "number") return null;
  return { input, output: count(output), cacheRead: 0, cacheWrite: 0, reasoning: 0 };
}
