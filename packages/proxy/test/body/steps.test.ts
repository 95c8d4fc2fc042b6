import type { ModelPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writing, writingSorted } from "../../src/body/json-text.ts";
import { parsingAnswer, reading } from "../../src/body/read-json.ts";
import { STEP_WORK, type Steps } from "../../src/body/steps.ts";
import { BodyMemory, BodyShare } from "../../src/body-memory.ts";
import { cacheKey, makingCacheKey } from "../../src/cache/cache-key.ts";
import { AnswerTally } from "../../src/wires/openai-chat/answer-tally.ts";
import {
  hasDocument,
  measuring,
  promptTokensEstimate,
  promptTokensMax,
  usageBound,
} from "../../src/wires/openai-chat/bound.ts";
import { measuringOutput, outputBytes } from "../../src/wires/openai-chat/output-bytes.ts";
import { chatTexts } from "../../src/wires/openai-chat/texts.ts";
import { WIRES } from "../../src/wires/table.ts";

const { places } = WIRES["openai-chat"];

type Body = Record<string, unknown>;

/** `between` is called after each step. */
function finish<Result>(steps: Steps<Result>, between = (): void => {}): Result {
  for (;;) {
    const step = steps.next();
    between();
    if (step.done) return step.value;
  }
}

const word = fc.constantFrom(
  "nessie",
  "",
  "data:image/png;base64,AA",
  "data:application/pdf;base64,AA",
  "漢🙂\ud800",
  "1h",
);
const text = fc.oneof(
  word,
  fc.tuple(word, fc.integer({ min: 1, max: 9_000 })).map(([part, times]) => part.repeat(times)),
);
const name = fc.constantFrom(
  ...["role", "type", "id", "text", "url", "image_url", "file", "file_data", "data", "source", "properties", "nessie"],
  ...["cache_control", "ttl", "__proto__", "1", "z"],
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const part = fc.record({
  type: fc.constantFrom("text", "image_url", "file", "input_audio", "video"),
  image_url: fc.oneof(text, fc.record({ url: text }), fc.constant(null)),
  file: fc.oneof(fc.record({ file_data: text }), fc.constant(null)),
  cache_control: fc.oneof(fc.record({ ttl: word }), fc.constant(null)),
  more: value,
});
const body: fc.Arbitrary<Body> = fc
  .record({
    messages: fc.array(fc.record({ role: word, content: fc.oneof(text, fc.array(part, { maxLength: 3 })) }), {
      maxLength: 3,
    }),
    tools: fc.array(fc.record({ type: word, parameters: value, cache_control: value }), { maxLength: 3 }),
    metadata: value,
  })
  // As in a request.
  .map((made) => JSON.parse(JSON.stringify(made)));

const holds = (check: (given: Body) => void): void =>
  fc.assert(
    fc.property(body, (given) => void check(given)),
    { numRuns: 200 },
  );

test("visiting in steps finds the same texts at the same paths", () => {
  holds((given) => {
    const [atOnce, inSteps]: [unknown[], unknown[]] = [[], []];
    chatTexts.visit(given, (...[seen, path, isData]) => atOnce.push([seen, [...path], isData]));
    finish(chatTexts.visiting(given, (...[seen, path, isData]) => inSteps.push([seen, [...path], isData])));
    expect(inSteps).toEqual(atOnce);
  });
});

test("replacing in steps changes the same texts, and unchanged parts are shared", () => {
  const replace = (seen: string): string => seen.replaceAll("nessie", "[redacted]");
  holds((given) => {
    const inSteps = finish(chatTexts.replacing(given, replace));
    expect(inSteps).toStrictEqual(chatTexts.replace(given, replace));
    expect(finish(chatTexts.replacing(given, (seen) => seen))).toBe(given);
  });
});

const json = (given: unknown, write = writing): string => {
  const pieces: string[] = [];
  finish(write(given, (piece) => pieces.push(piece)));
  return pieces.join("");
};

test("writing in steps gives the same JSON", () => {
  holds((given) => expect(json(given)).toBe(JSON.stringify(given)));
});

test("in steps, a body has the same cache key", () => {
  const model = { id: "m", targets: [{ id: "t", upstreamModel: "u" }] } as unknown as ModelPolicy;
  holds((given) => {
    const question = ["o" as Uuid, model, "chat", given] as const;
    expect(finish(makingCacheKey(...question))).toBe(cacheKey(...question));
  });
});

test("in steps, a prompt has the same size", () => {
  const measured = (given: Body) => [
    promptTokensMax(given, 1_000),
    promptTokensEstimate(given),
    hasDocument(given),
    usageBound(given, 1, 2),
  ];
  holds((given) => {
    const atOnce = measured(given);
    finish(measuring(given));
    expect(measured(given)).toEqual(atOnce);
  });
});

test("in steps, an answer has the same value and size", () => {
  holds((given) => {
    expect(finish(parsingAnswer(Buffer.from(JSON.stringify(given))))).toStrictEqual(given);
    const { metadata: message } = given;
    expect(finish(measuringOutput(message))).toBe(outputBytes(message, Buffer.byteLength));
    const choices = [{ index: 0, message, finish_reason: "stop" }, null, { index: 1, message: given }];
    const [atOnce, inSteps] = [new AnswerTally(null), new AnswerTally(null)];
    atOnce.take(choices, Buffer.byteLength);
    finish(inSteps.taking(choices));
    expect(inSteps).toEqual(atOnce);
  });
});

const MIB = 1024 * 1024;
const list = <Item>(length: number, item: (index: number) => Item): Item[] => Array.from({ length }, (_, n) => item(n));
const wide = (length: number, item: unknown): Body => Object.fromEntries(list(length, (n) => [`name ${n}`, item]));
const content = (given: unknown): Body => ({ model: "m", messages: [{ role: "user", content: given }] });

/** The most expensive shapes, each within the bounds of a body. */
const SHAPES: [string, Body][] = [
  ["wide objects", { metadata: list(15, () => wide(4_900, 1)) }],
  ["empty arrays", { metadata: list(90_000, () => []) }],
  ["short texts", { metadata: list(90_000, () => "a text") }],
  ["long names", { metadata: wide(200, 1), [`${"n".repeat(4_000)}`]: wide(200, { ["n".repeat(4_000)]: 1 }) }],
  ["messages", { messages: list(33_000, () => ({ role: "user", content: "a" })) }],
  ["parts", content(list(30_000, () => ({ type: "text", text: "a" })))],
  [
    "a tool of many properties",
    { tools: [{ type: "function", parameters: { properties: wide(4_900, { type: "a" }) } }] },
  ],
  ["a long text", content("a".repeat(MIB))],
  ["a long text of escapes", content("\n".repeat(MIB))],
  ["a long text of wide characters", content("漢".repeat(MIB))],
  ["deep arrays", { metadata: list(1_500, () => list(60, () => 0).reduce<unknown>((inner) => [inner], "a")) }],
];

/** Adds up what each step does. */
function perStep() {
  const steps = [0];
  return {
    add: (work: number): void => {
      steps.push((steps.pop() ?? 0) + work);
    },
    next: (): void => {
      steps.push(0);
    },
    most: (): number => Math.max(...steps),
  };
}

test.each(SHAPES)("each reading step has a bounded number of bytes and values: %s", (_name, given) => {
  const { add, next, most } = perStep();
  class Counted extends BodyShare {
    override take = add;
  }
  const { body: read } = finish(
    reading(Buffer.from(JSON.stringify(given)), new Counted(new BodyMemory(0)), { places }),
    next,
  );
  expect(read).toEqual(given);
  // A jump within one text, or 8 KiB of the smallest possible values.
  expect(most()).toBeLessThan(2 * MIB);
});

test.each(SHAPES)("an answer that is read in many steps has the same value as with a parser: %s", (_name, given) => {
  let steps = 0;
  const json = JSON.stringify(given);
  expect(finish(parsingAnswer(Buffer.from(json)), () => void steps++)).toEqual(given);
  expect(steps).toBeGreaterThan(json.length / MIB);
});

test.each(SHAPES)("each visiting step has a bounded number of texts: %s", (_name, given) => {
  const { add, next, most } = perStep();
  finish(
    chatTexts.visiting(given, () => add(1)),
    next,
  );
  const same = (each: string): string => {
    add(1);
    return each;
  };
  finish(chatTexts.replacing(given, same), next);
  expect(most()).toBeLessThanOrEqual(2 * STEP_WORK);
});

test.each(SHAPES)("each writing step has a bounded number of characters: %s", (_name, given) => {
  for (const write of [writing, writingSorted]) {
    const { add, next, most } = perStep();
    finish(
      write(given, ({ length }) => add(length)),
      next,
    );
    expect(most()).toBeLessThan(MIB / 2);
  }
});
