import { count, events, type Fields, fields, list, parsed, text } from "./json.ts";
import { type Citation, canonical, errorOf, type Meaning, nothing, type Stop, type Usage } from "./meaning.ts";

const FILTERS = ["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "LANGUAGE"];

export function googleMeaning(body: string, isStream: boolean): Meaning {
  const meaning = nothing();
  let partial: { name: string; input: Fields } | null = null;
  for (const answer of isStream ? events(body) : [parsed(body)]) {
    meaning.error ??= errorOf(answer);
    meaning.usage = usageOf(fields(answer.usageMetadata)) ?? meaning.usage;
    const [candidate] = list(answer.candidates);
    if (!candidate) continue;
    for (const part of list(fields(candidate.content).parts)) {
      const isText = part.functionCall === undefined && part.thought !== true;
      if (text(part.thoughtSignature) !== "") meaning[isText ? "textSignatures" : "hiddenThoughts"] += 1;
      if (part.functionCall !== undefined) partial = readCall(fields(part.functionCall), partial, meaning);
      else if (part.thought === true) meaning.reasoning += text(part.text);
      else if (part.inlineData !== undefined) meaning.files += 1;
      else if (part.executableCode !== undefined || part.codeExecutionResult !== undefined)
        meaning.ownCalls.push("code execution");
      else meaning.text += text(part.text);
    }
    const reason = text(candidate.finishReason);
    if (reason !== "") meaning.stop = stopOf(reason);
    meaning.citations.push(...citationsIn(fields(candidate.groundingMetadata), meaning.text));
  }
  if (partial) meaning.calls.push({ name: partial.name, input: canonical(partial.input) });
  if (meaning.calls.length > 0 && meaning.stop === "stop") meaning.stop = "calls";
  return meaning;
}

/** Places are counted in bytes. */
function citationsIn({ groundingChunks, groundingSupports }: Fields, said: string): Citation[] {
  const pages = list(groundingChunks).map(({ web }) => fields(web));
  const bytes = Buffer.from(said);
  const placed = list(groundingSupports).flatMap(({ segment, groundingChunkIndices: indices }) => {
    const { startIndex, endIndex } = fields(segment);
    const supports = bytes.subarray(count(startIndex), count(endIndex)).toString();
    return (Array.isArray(indices) ? indices : []).map((index) => ({ page: pages[count(index)] ?? {}, supports }));
  });
  const all = placed.length > 0 ? placed : pages.map((page) => ({ page, supports: "" }));
  return all.map(({ page, supports }) => ({ url: text(page.uri), title: text(page.title), supports }));
}

/** Vertex streams arguments as values with their JSON path, until a part without `willContinue`. */
function readCall(call: Fields, open: { name: string; input: Fields } | null, meaning: Meaning) {
  if (!open && call.willContinue !== true && !Array.isArray(call.partialArgs)) {
    meaning.calls.push({ name: text(call.name), input: canonical(call.args) });
    return null;
  }
  const current = open ?? { name: text(call.name), input: {} };
  for (const each of list(call.partialArgs)) put(current.input, text(each.jsonPath), partialValue(each));
  if (call.willContinue === true) return current;
  meaning.calls.push({ name: current.name, input: canonical(current.input) });
  return null;
}

const partialValue = (partial: Fields): unknown =>
  partial.stringValue ?? partial.numberValue ?? partial.boolValue ?? (partial.nullValue !== undefined ? null : "");

function put(input: Fields, jsonPath: string, value: unknown): void {
  const steps = [...jsonPath.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']+)'\]/g)].map(([, name, index, quoted]) =>
    index === undefined ? (name ?? quoted ?? "") : Number(index),
  );
  let at: Record<string | number, unknown> = input;
  steps.forEach((step, depth) => {
    const next = steps[depth + 1];
    if (next !== undefined) {
      at[step] ??= typeof next === "number" ? [] : {};
      at = at[step] as Record<string | number, unknown>;
    } else at[step] = typeof at[step] === "string" && typeof value === "string" ? at[step] + value : value;
  });
}

const stopOf = (reason: string): Stop =>
  reason === "STOP"
    ? "stop"
    : reason === "MAX_TOKENS"
      ? "length"
      : FILTERS.includes(reason)
        ? "filter"
        : `other: ${reason}`;

function usageOf(usage: Fields): Usage | null {
  if (typeof usage.promptTokenCount !== "number") return null;
  const reasoning = count(usage.thoughtsTokenCount);
  return {
    input: usage.promptTokenCount + count(usage.toolUsePromptTokenCount),
    output: count(usage.candidatesTokenCount) + reasoning,
    cacheRead: count(usage.cachedContentTokenCount),
    cacheWrite: 0,
    reasoning,
  };
}
