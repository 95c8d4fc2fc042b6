import { gzipSync } from "node:zlib";
import { raw, splintered } from "@tollgate/testkit/provider-behaviour";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGoogleSetup } from "./google/google-setup.ts";
import { ask } from "./setup.ts";

type Setup = Awaited<ReturnType<typeof openGoogleSetup>>;

const MIB = 1024 * 1024;
const EVENTS = { "content-type": "text/event-stream" };
const PICTURE = `iVBORw0KGgo${"A".repeat(2 * MIB)}`;
const USAGE = { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 };

const event = (parts: object[], more: object = {}): string =>
  `data: ${JSON.stringify({ candidates: [{ content: { role: "model", parts }, ...more }], usageMetadata: USAGE })}\r\n\r\n`;
const picture = { inlineData: { mimeType: "image/png", data: PICTURE } };
const prose = 'He said "漢🙂".\n'.repeat(60_000);
const first = event([{ text: "one " }]);
const last = event([{ text: " three" }], { finishReason: "STOP" });

let setup: Setup;
const data = (text: string): Record<string, never>[] =>
  [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json ?? ""));

describe("a large event of a stream that passes through", () => {
  beforeAll(async () => {
    setup = await openGoogleSetup("google");
  });
  afterAll(() => setup.close());

  test.each([
    ["a picture", [picture]],
    ["a text with quotes and other letters", [{ text: prose }]],
    ["a call", [{ functionCall: { name: "f", args: { a: prose, b: [1, { c: prose }] } } }]],
    ["two pictures and a text", [picture, { text: prose }, picture]],
  ])("arrives as it was sent, between its neighbours: %s", async (_name, parts) => {
    const stream = [first, event(parts), last];
    setup.provider.script(raw(stream, EVENTS));
    const text = await (await setup.stream()).text();
    expect(data(text).map(({ candidates }) => candidates)).toEqual(
      data(stream.join("")).map(({ candidates }) => candidates),
    );
    expect(setup.events.at(-1)).toMatchObject({
      outcome: "complete",
      source: "provider",
      use: { input: 3, output: 4 },
    });
  });

  test("so does one that is the last, compressed, and cut into small chunks", async () => {
    const stream = first + event([picture], { finishReason: "STOP" });
    const packed = raw([gzipSync(stream)], { ...EVENTS, "content-encoding": "gzip" });
    for (const way of [packed, splintered(3_000, raw([stream], EVENTS))]) {
      setup.provider.script(way);
      const text = await (await setup.stream()).text();
      expect(data(text).map(({ candidates }) => candidates)).toEqual(data(stream).map(({ candidates }) => candidates));
    }
  });

  test("its text counts if the provider does not report what was used", async () => {
    const large = `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: prose }] } }] })}\r\n\r\n`;
    setup.provider.script(raw([large], EVENTS));
    await (await setup.stream()).text();
    expect(setup.events.at(-1)).toMatchObject({ outcome: "failed", source: "estimated" });
    expect(setup.events.at(-1)?.use.output).toBeGreaterThan(60_000);
  });

  test("an event that stays large without its long texts is too large", async () => {
    const many = event(Array.from({ length: 350_000 }, () => ({ text: "a" })));
    setup.provider.script(raw([first, many, last], EVENTS));
    expect(await (await setup.stream()).text()).toContain("bad_upstream_response");
    expect(setup.events.at(-1)).toMatchObject({ outcome: "failed" });
  });
});

describe("a large answer that is translated", () => {
  beforeAll(async () => {
    setup = await openGoogleSetup("google");
  });
  afterAll(() => setup.close());

  test.each([true, false])("has its pictures and texts (stream: %s)", async (stream) => {
    const plain = "a text ".repeat(100_000);
    const parts = [{ text: plain }, picture, { functionCall: { name: "f", args: { a: plain, b: prose } } }];
    const answer = { candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }], usageMetadata: USAGE };
    const sent = JSON.stringify(answer);
    setup.provider.script(
      stream ? raw([`data: ${sent}\r\n\r\n`], EVENTS) : raw([sent], { "content-type": "application/json" }),
    );
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
    const response = await setup.postTo("/v1/chat/completions", ask({ stream, tools, model: "small" }));
    const text = await response.text();
    expect(response.status).toBe(200);
    const choices = stream
      ? data(text).flatMap(({ choices }) =>
          (choices as unknown as { delta: Record<string, never> }[]).map(({ delta }) => delta),
        )
      : [(JSON.parse(text) as { choices: { message: Record<string, never> }[] }).choices[0]?.message ?? {}];
    const said = choices
      .map(({ content }: { content?: unknown }) => (typeof content === "string" ? content : ""))
      .join("");
    const written = choices
      .flatMap(({ tool_calls: calls = [] }: { tool_calls?: { function: { arguments?: string } }[] }) => calls)
      .map(({ function: called }) => called.arguments ?? "")
      .join("");
    expect(said).toContain(plain);
    expect(JSON.parse(written)).toEqual({ a: plain, b: prose });
    expect(text).toContain(PICTURE);
    expect(setup.events.at(-1)).toMatchObject({
      outcome: "complete",
      source: "provider",
      use: { input: 3, output: 4 },
    });
  });
});
