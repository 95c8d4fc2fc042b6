import type { AnswerError, Call, Citation, Meaning, Usage } from "../meaning/meaning.ts";
import { CUSTOM } from "../meaning/openai-responses.ts";
import { lossOf } from "./losses.ts";

export interface Comparison {
  /** What the format cannot express, with the reason. */
  lost: string[];
  /** What is different without a reason. */
  different: string[];
}

const ACCOUNT_FAULT = /refused the gateway's credential|gateway's account at the provider/;
const ACCOUNT_REASON = "faults of the provider account are the gateway's, and their text is not for clients";

export const isAccountFault = (error: AnswerError | null): boolean => ACCOUNT_FAULT.test(error?.message ?? "");

const IMAGE_TOOL = "image_generation_call";

const short = (value: unknown): string => {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 160 ? `${json.slice(0, 100)} … (${json.length})` : json;
};

/** Some formats have no reason of their own for calls: their clients look for calls. */
const ended = ({ stop, calls }: Meaning): Meaning["stop"] => (stop === "stop" && calls.length > 0 ? "calls" : stop);

/** Compares what the client got with what the provider said. */
export function compare(surface: string, said: Meaning, got: Meaning): Comparison {
  const result: Comparison = { lost: [], different: [] };
  const differ = (aspect: Parameters<typeof lossOf>[1], from: unknown, to: unknown): void => {
    if (short(from) === short(to) && JSON.stringify(from) === JSON.stringify(to)) return;
    const reason = lossOf(surface, aspect);
    if (reason !== undefined) result.lost.push(`${aspect}: ${reason}`);
    else result.different.push(`${aspect}: ${short(from)} became ${short(to)}`);
  };
  if (said.error) {
    if (isAccountFault(got.error)) result.lost.push(`error: ${ACCOUNT_REASON}`);
    else if (!got.error?.message.includes(said.error.message)) differ("error", said.error, got.error);
    return result;
  }
  if (got.error) {
    differ("error", null, got.error);
    return result;
  }
  differ("text", said.text, got.text);
  differ("reasoning", said.reasoning, got.reasoning);
  if (said.hiddenThoughts > 0 && got.hiddenThoughts === 0) differ("hiddenThoughts", said.hiddenThoughts, 0);
  // Clients of other formats cannot offer custom tools.
  const isCustom = ({ name }: Call): boolean => said.ownCalls.includes(CUSTOM + name);
  const calls = got.calls.filter((call) => !isCustom(call));
  differ("calls", said.calls, calls);
  if (said.ownCalls.length > 0) differ("ownCalls", said.ownCalls, []);
  if (calls.length === got.calls.length) differ("stop", ended(said), ended(got));
  if (got.isTorn && !said.isTorn) differ("isTorn", false, true);
  if (said.textSignatures > 0) differ("textSignatures", said.textSignatures, got.textSignatures);
  // An image that a tool of the provider made is part of that tool's result.
  if (!said.ownCalls.includes(IMAGE_TOOL)) differ("files", said.files, got.files);
  differ("citations", said.citations.map(({ url }) => url).sort(), got.citations.map(({ url }) => url).sort());
  if (said.ownCitations > 0) differ("ownCitations", said.ownCitations, got.ownCitations);
  const places = ({ citations }: Meaning): string[] =>
    citations.map(({ url, supports }) => `${url} ${supports}`).sort();
  if (said.citations.some(({ supports }) => supports !== "")) differ("citations.supports", places(said), places(got));
  const titles = ({ citations }: Meaning): string[] => citations.map(({ title }: Citation) => title).sort();
  if (said.citations.every(({ title }) => title !== "")) differ("citations.title", titles(said), titles(got));
  const { cacheWrite: _, ...from } = said.usage ?? ({} as Usage);
  const { cacheWrite: __, ...to } = got.usage ?? ({} as Usage);
  if (said.usage) differ("usage", from, got.usage && to);
  else if (got.usage) differ("usage.none", null, to);
  if (said.usage?.cacheWrite) differ("usage.cacheWrite", said.usage.cacheWrite, got.usage?.cacheWrite);
  return result;
}
