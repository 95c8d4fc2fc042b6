import { type Answer, cutAfter, status } from "./scripts.ts";
import { type Cell, expectAll, expectSame, refused, type Stage } from "./stage.ts";

/** One thing that clients do. `run` throws when the answer is wrong; a refusal with a reason is an answer too. */
export interface Feature {
  id: string;
  run(stage: Stage): Promise<Cell>;
}

const TEXT = "Zürich has rain 🌧 today.";
const PICTURE = { mediaType: "image/png", data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ" } as const;
const PAPER = { mediaType: "application/pdf", data: "JVBERi0xLjQKMSAwIG9iago8PC9UeXBlL0NhdGFsb2c" } as const;
const SCHEMA = {
  type: "object",
  properties: { rainfall_mm: { type: "number" } },
  required: ["rainfall_mm"],
  additionalProperties: false,
};
const TURNS = 10;

const said =
  (isStream: boolean, script: Answer, expected: object, tools?: readonly string[]) =>
  async ({ surface, ask }: Stage): Promise<Cell> => {
    const got = await ask({ stream: isStream, history: [surface.user("Weather?")], ...(tools && { tools }) }, script);
    return got.refusal ?? expectAll(got.meaning, expected);
  };

const WEATHER = { name: "weather", arguments: { city: "Bern" } };
const CALLED = { text: "Look:", calls: [{ name: "weather", input: '{"city":"Bern"}' }], stop: "calls" };
const NOW = { name: "now", arguments: {} };

/** The call, its result and the answer to it: the provider must see the result. */
async function toolTurn({ surface, ask }: Stage): Promise<Cell> {
  const tools = ["weather", "now"];
  const history = [surface.user("Weather?")];
  const first = await ask({ stream: false, history, tools }, { text: "Look:", toolCalls: [WEATHER] });
  if (first.refusal) return first.refusal;
  const { items, calls } = surface.echo(first.json);
  history.push(...items, ...surface.results(calls, "It rains in Bern."));
  const second = await ask({ stream: false, history, tools }, { text: TEXT });
  if (second.refusal) return second.refusal;
  return (
    expectAll(first.meaning, CALLED) ??
    expectAll(second.meaning, { text: TEXT, stop: "stop" }) ??
    second.sees("It rains in Bern.", "Weather?")
  );
}

const attached =
  (attachment: typeof PICTURE | typeof PAPER) =>
  async ({ surface, ask }: Stage): Promise<Cell> => {
    const got = await ask({ stream: false, history: [surface.user("What is this?", attachment)] }, { text: TEXT });
    return got.refusal ?? expectAll(got.meaning, { text: TEXT }) ?? got.sees(attachment.data);
  };

/** Ten turns of thought, call and result. What the provider signed must come back to it, each turn's own. */
async function thoughts({ surface, family, ask }: Stage): Promise<Cell> {
  const history = [surface.user("Think.")];
  const tools = ["weather"];
  for (let turn = 0; turn < TURNS; turn++) {
    const thought = { text: `Thought ${turn}.`, signature: `c2lnbmF0dXJl${turn}0` };
    const got = await ask({ stream: false, history, tools, thinks: true }, { thought, toolCalls: [WEATHER] });
    if (got.refusal) return got.refusal;
    const wrong = expectAll(got.meaning, { reasoning: thought.text, stop: "calls" });
    if (wrong) return wrong;
    const { items, calls } = surface.echo(got.json);
    history.push(...items, ...surface.results(calls, `Result ${turn}.`));
  }
  const last = await ask({ stream: false, history, tools, thinks: true }, { text: TEXT });
  if (last.refusal) return last.refusal;
  const results = Array.from({ length: TURNS }, (_, turn) => `Result ${turn}.`);
  const signatures = results.map((_, turn) => `c2lnbmF0dXJl${turn}0`);
  const all = family.signs ? [...results, ...signatures.map(last.asSigned)] : results;
  return expectAll(last.meaning, { text: TEXT, stop: "stop" }) ?? last.sees(...all);
}

async function marks({ surface, family, ask }: Stage): Promise<Cell> {
  if (!surface.marked) return refused("the format has no marks for a cache");
  const got = await ask({ stream: false, history: [surface.marked("Long prompt.")] }, { text: TEXT });
  if (got.refusal) return got.refusal;
  const wrong = expectAll(got.meaning, { text: TEXT }) ?? got.sees("Long prompt.");
  if (wrong) return wrong;
  if (family.mark !== null) return got.sees(family.mark);
  // Bytes pass to a provider of the same format, which reads what it knows.
  return got.isPassed ? null : got.seesNot("cache_control");
}

/** What the client asks for reaches the provider in its own words, or is refused by name. */
const asked =
  (extra: "search" | "logprobs" | "answers", ...words: readonly string[]) =>
  async ({ surface, ask }: Stage): Promise<Cell> => {
    if (!surface.extra(extra)) return refused("the format has no field for it");
    const got = await ask({ stream: false, history: [surface.user("Weather?")], extra }, { text: TEXT });
    if (got.refusal) return got.refusal;
    const isSeen = words.some((word) => got.sees(word) === null);
    return expectAll(got.meaning, { text: TEXT }) ?? (isSeen ? null : got.sees(words.join(" or ")));
  };

/** A second call that names the first one by its id. */
async function continued({ surface, ask }: Stage): Promise<Cell> {
  if (!surface.extra("kept")) return refused("the format has no ids of earlier answers");
  const first = await ask({ stream: false, history: [surface.user("My name is Zoë.")], extra: "kept" }, { text: TEXT });
  if (first.refusal) return first.refusal;
  const extra = { continues: String(first.json.id) };
  const second = await ask({ stream: false, history: [surface.user("Who am I?")], extra }, { text: "Zoë." });
  if (second.refusal) return second.refusal;
  const wrong = expectAll(second.meaning, { text: "Zoë." });
  return wrong ?? (second.isPassed ? second.sees("previous_response_id") : second.sees("My name is Zoë.", TEXT));
}

const USAGE = { input: 30, output: 20, cacheRead: 10 };

async function usage({ surface, family, ask }: Stage): Promise<Cell> {
  const beside = Object.fromEntries(family.units.map((unit) => [unit, 5]));
  for (const stream of [false, true]) {
    const script = { text: TEXT, usage: { ...USAGE, ...beside } };
    const got = await ask({ stream, history: [surface.user("Hi")] }, script);
    if (got.refusal) return got.refusal;
    const isHidden = family.hidesCache && !got.isPassed;
    const { cacheWrite = 0, ...expected } = { reasoning: 0, ...USAGE, ...(isHidden && { cacheRead: 0 }), ...beside };
    const { cacheWrite: written = 0, ...reported } = got.meaning.usage ?? { cacheWrite: 0 };
    // Google's format has no such field, and cannot tell writes from other input.
    const isLost = surface.id === "google-generate";
    const wrong = expectSame(reported, expected) ?? (isLost ? null : expectSame(written, cacheWrite));
    if (wrong) return wrong;
  }
  return null;
}

async function errorBefore({ surface, ask }: Stage): Promise<Cell> {
  for (const stream of [false, true]) {
    const got = await ask({ stream, history: [surface.user("Hi")] }, status(400, "The field is wrong."));
    if (got.status !== 400) return { verdict: "wrong", reason: `400 became ${got.status}` };
    const wrong = expectSame(got.meaning.error?.message.includes("The field is wrong."), true);
    if (wrong) return wrong;
  }
  return null;
}

/** The text so far arrives, then an error; the end is not invented. */
async function errorWithin({ surface, ask }: Stage): Promise<Cell> {
  const script = cutAfter(4, { text: "one two three four five six" });
  const got = await ask({ stream: true, history: [surface.user("Hi")] }, script);
  if (got.refusal) return got.refusal;
  if (got.meaning.error === null) return { verdict: "wrong", reason: "the stream ended without an error" };
  return expectSame(got.meaning.stop, "none");
}

export const FEATURES: readonly Feature[] = [
  { id: "text", run: said(false, { text: TEXT }, { text: TEXT, stop: "stop" }) },
  { id: "stream", run: said(true, { text: TEXT }, { text: TEXT, stop: "stop" }) },
  { id: "length", run: said(true, { text: TEXT, finish: "length" }, { text: TEXT, stop: "length" }) },
  { id: "tools", run: toolTurn },
  { id: "streamed tools", run: said(true, { text: "Look:", toolCalls: [WEATHER] }, CALLED, ["weather", "now"]) },
  {
    id: "tools without arguments",
    run: async (stage) => {
      const called = { calls: [{ name: "now", input: "{}" }], stop: "calls" };
      const run = (isStream: boolean) => said(isStream, { toolCalls: [NOW] }, called, ["weather", "now"])(stage);
      return (await run(false)) ?? run(true);
    },
  },
  {
    id: "structured output",
    run: async ({ surface, ask }) => {
      const text = '{"rainfall_mm":7}';
      const got = await ask({ stream: false, history: [surface.user("Rain?")], schema: SCHEMA }, { text });
      return got.refusal ?? expectAll(got.meaning, { text }) ?? got.sees("rainfall_mm");
    },
  },
  { id: "images", run: attached(PICTURE) },
  { id: "PDF", run: attached(PAPER) },
  { id: "reasoning over ten turns", run: thoughts },
  { id: "cache marks", run: marks },
  { id: "continued by id", run: continued },
  { id: "web search", run: asked("search", "web_search", "googleSearch") },
  { id: "log probabilities", run: asked("logprobs", "logprobs", "responseLogprobs") },
  { id: "several answers", run: asked("answers", '"n":2', '"candidateCount":2') },
  { id: "usage in every unit", run: usage },
  { id: "error before the stream", run: errorBefore },
  { id: "error in the stream", run: errorWithin },
];
