import { count, events, type Fields, fields, list, parsed, text } from "./json.ts";
import { canonical, errorOf, type Meaning, nothing, type Stop, type Usage } from "./meaning.ts";

const STOPS: Readonly<Record<string, Stop>> = {
  stop: "stop",
  eos: "stop",
  length: "length",
  tool_calls: "calls",
  function_call: "calls",
  content_filter: "filter",
};

export function chatMeaning(body: string, isStream: boolean): Meaning {
  const answers = isStream ? events(body) : [parsed(body)];
  const meaning = nothing();
  const calls = new Map<number, { name: string; input: string }>();
  const cited: Fields[] = [];
  let last: Fields = {};
  for (const answer of answers) {
    meaning.error ??= errorOf(answer);
    meaning.usage = usageOf(answer) ?? meaning.usage;
    if (Array.isArray(answer.citations) || Array.isArray(answer.search_results)) last = answer;
    const choice = list(answer.choices).find(({ index }) => count(index) === 0) ?? {};
    const said = fields(choice.message ?? choice.delta);
    readContent(said, meaning);
    list(said.tool_calls).forEach((call, order) => {
      const index = typeof call.index === "number" ? call.index : order;
      const { name, arguments: input } = fields(call.function);
      const known = calls.get(index) ?? { name: "", input: "" };
      if (call.extra_content !== undefined) meaning.hiddenThoughts += 1;
      calls.set(index, { name: known.name || text(name), input: known.input + text(input) });
    });
    cited.push(...list(said.annotations).filter(({ type }) => type === "url_citation"));
    if (Array.isArray(said.images)) meaning.files += said.images.length;
    const reason = text(choice.finish_reason);
    if (reason !== "") meaning.stop = STOPS[reason] ?? `other: ${reason}`;
  }
  meaning.calls = [...calls.values()].map(({ name, input }) => ({ name, input: canonical(input) }));
  meaning.citations = [...cited.map((each) => annotated(each, meaning.text)), ...pagesOf(last)];
  return meaning;
}

/** Mistral sends a list of parts, in which thoughts are parts. */
function readContent(said: Fields, meaning: Meaning): void {
  meaning.reasoning += text(said.reasoning_content ?? said.reasoning);
  meaning.hiddenThoughts += list(said.reasoning_details).length;
  if (!Array.isArray(said.content)) meaning.text += text(said.content) + text(said.refusal);
  for (const part of list(said.content)) {
    if (part.type === "text") meaning.text += text(part.text);
    if (part.type === "thinking") {
      const thoughts = Array.isArray(part.thinking)
        ? list(part.thinking).map((each) => text(each.text))
        : [text(part.thinking)];
      meaning.reasoning += thoughts.join("");
    }
  }
}

function annotated(annotation: Fields, answer: string) {
  const { url, title, start_index: start, end_index: end } = fields(annotation.url_citation);
  return { url: text(url), title: text(title), supports: answer.slice(count(start), count(end)) };
}

/** Perplexity and xAI list the pages beside the choices. */
function pagesOf(answer: Fields) {
  const results = list(answer.search_results);
  if (results.length > 0)
    return results.map(({ url, title }) => ({ url: text(url), title: text(title), supports: "" }));
  const urls = Array.isArray(answer.citations) ? answer.citations : [];
  return urls.map((url) => ({ url: text(url), title: "", supports: "" }));
}

function usageOf(answer: Fields): Usage | null {
  const usage = fields(answer.usage ?? fields(answer.x_groq).usage);
  if (typeof usage.prompt_tokens !== "number") return null;
  const input = count(usage.prompt_tokens);
  const reasoning = count(fields(usage.completion_tokens_details).reasoning_tokens);
  const completion = count(usage.completion_tokens);
  // xAI does not count thoughts as completion: its total is larger than the sum.
  const isBeside = reasoning > 0 && count(usage.total_tokens) === input + completion + reasoning;
  const cached = fields(usage.prompt_tokens_details).cached_tokens ?? usage.prompt_cache_hit_tokens;
  return {
    input,
    output: completion + (isBeside ? reasoning : 0),
    cacheRead: count(cached ?? usage.cached_tokens),
    cacheWrite: count(fields(usage.prompt_tokens_details).cache_write_tokens),
    reasoning,
  };
}
