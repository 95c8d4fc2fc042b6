import { answer, raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, describe, expect, test } from "vitest";
import { limit } from "../setup.ts";
import { patched } from "./patched.ts";
import { openPriced, type PricedSetup } from "./priced-setup.ts";

let setup: PricedSetup;
afterEach(() => setup.close());

const CASES = [
  ["chat", "openai", "gpt-4.1"],
  ["responses", "openai", "gpt-4.1"],
  ["messages", "anthropic", "claude-sonnet-4-6"],
  ["google", "google", "gemini-2.5-flash"],
  ["chat", "anthropic", "claude-sonnet-4-6"],
  ["messages", "openai", "gpt-4.1"],
].flatMap(([surface = "", provider = "", model = ""]) =>
  [false, true].map((stream) => ({ surface, provider, model, stream })),
);

describe.each(CASES)("$surface to $provider, stream: $stream", ({ surface, provider, model, stream }) => {
  test("450,000 reported tokens are charged as reported, and flagged", async () => {
    setup = await openPriced(surface, provider, model, stream);
    const usage = { input: 450_000, output: 50, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
    setup.provider.script(answer({ text: "Hi", usage }));
    await (await setup.call(10)).text();
    expect(setup.events[0]?.flags).toContain("usage_suspect");
    expect(setup.events).toMatchObject([{ use: { input: 450_000, output: 50 } }]);
  });

  test("a report that no model can have used is cut to the model's limits", async () => {
    setup = await openPriced(surface, provider, model, stream);
    const usage = { input: 9e14, output: 9e14, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
    setup.provider.script(answer({ text: "Hi", usage }));
    await (await setup.call(10)).text();
    const [event] = setup.events;
    expect(event?.flags).toContain("usage_suspect");
    expect(event?.use.input).toBeLessThanOrEqual(1_048_576);
    expect(event?.use.output).toBeLessThanOrEqual(128_000);
  });
});

const INPUTS = ["prompt_tokens", "input_tokens", "promptTokenCount"];
const TOTALS = ["total_tokens", "totalTokenCount"];

/** The usage block without its input, and without its total. */
function withoutInput(json: Record<string, unknown>, keepsTotal: boolean): Record<string, unknown> {
  const cut = (given: unknown): unknown =>
    typeof given === "object" && given !== null
      ? Object.fromEntries(
          Object.entries(given).filter(([name]) => !INPUTS.includes(name) && (keepsTotal || !TOTALS.includes(name))),
        )
      : given;
  const { usage, usageMetadata, response, message } = json as Record<string, Record<string, unknown> | undefined>;
  return {
    ...json,
    ...(usage && { usage: cut(usage) }),
    ...(usageMetadata && { usageMetadata: cut(usageMetadata) }),
    ...(response?.usage ? { response: { ...response, usage: cut(response.usage) } } : {}),
    ...(message?.usage ? { message: { ...message, usage: cut(message.usage) } } : {}),
  };
}

// Anthropic's package does not read a message without it.
describe.each(CASES.filter(({ surface, provider }) => surface === "messages" || provider !== "anthropic"))(
  "$surface to $provider, stream: $stream: a usage block without its input",
  ({ surface, provider, model, stream }) => {
    const usage = { input: 40, output: 50, cacheRead: 0, cacheWrite: 0, reasoning: 0 };

    test("keeps the reported output, and the input is estimated", async () => {
      setup = await openPriced(surface, provider, model, stream);
      setup.provider.script(patched(answer({ text: "Hi", usage }), (json) => withoutInput(json, false)));
      expect((await (await setup.call(60)).text()).length).toBeGreaterThan(0);
      const [event] = setup.events;
      expect(event).toMatchObject({ use: { output: 50 }, source: "estimated", outcome: "complete" });
      expect(event?.use.input).toBeGreaterThan(0);
      expect(event?.flags).toContain("usage_missing");
    });
  },
);

const chunk = (fields: object): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", ...fields })}\n\n`;
const said = chunk({ choices: [{ index: 0, delta: { content: "Hi" } }] });
const used = { prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 };

test.each([
  [
    "an error after the usage",
    [said, chunk({ choices: [], usage: used }), chunk({ error: { message: "no", code: 500 } })],
  ],
  ["an error with the usage", [said, chunk({ error: { message: "no", code: 500 }, usage: used })]],
  [
    "a failed tool call",
    [said, chunk({ error: { message: "no", code: "tool_use_failed", failed_generation: "x" }, usage: used })],
  ],
  [
    "a length stop",
    [said, chunk({ choices: [{ index: 0, delta: {}, finish_reason: "length" }], usage: used }), "data: [DONE]\n\n"],
  ],
  [
    "a filter",
    [
      said,
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: "content_filter" }], usage: used }),
      "data: [DONE]\n\n",
    ],
  ],
  [
    "x_groq",
    [
      said,
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], x_groq: { id: "r", usage: used } }),
      "data: [DONE]\n\n",
    ],
  ],
  [
    "usage so far in each chunk",
    [
      chunk({ choices: [{ index: 0, delta: { content: "Hi" } }], usage: { prompt_tokens: 11, completion_tokens: 1 } }),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: used }),
      "data: [DONE]\n\n",
    ],
  ],
  [
    "a cumulative usage of null before",
    [
      chunk({ choices: [{ index: 0, delta: { content: "Hi" } }], usage: null }),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: used }),
    ],
  ],
  [
    "details of null",
    [
      said,
      chunk({
        choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
        usage: { ...used, prompt_tokens_details: null },
      }),
    ],
  ],
  [
    "only a total and the output",
    [
      said,
      chunk({
        choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
        usage: { completion_tokens: 22, total_tokens: 33 },
      }),
    ],
  ],
  [
    "only a total and the input",
    [
      said,
      chunk({
        choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
        usage: { prompt_tokens: 11, total_tokens: 33 },
      }),
    ],
  ],
])("the usage of a stream that ends with %s is charged", async (_end, chunks) => {
  for (const surface of ["chat", "messages"]) {
    setup = await openPriced(surface, "groq", "llama-3.3-70b-versatile", true);
    setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 10n ** 12n })] });
    setup.provider.script(raw(chunks));
    await (await setup.call(100)).text();
    expect([surface, setup.events[0]?.use]).toMatchObject([surface, { input: 11, output: 22 }]);
    expect(setup.events[0]?.costNano).not.toBe("0");
    if (surface === "chat") await setup.close();
  }
});
