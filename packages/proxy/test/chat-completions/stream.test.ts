import { answer, cutAfter, endless, raw, slow, splintered } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, describe, expect, test } from "vitest";
import { ask, type SetupOptions } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

async function open(options: SetupOptions = {}): Promise<void> {
  setup = await openOpenAiSetup(options);
}

afterEach(() => setup.close());

const streamed = async (given: Record<string, unknown> = {}) => {
  const response = await setup.post(ask({ stream: true, ...given }));
  return { response, text: await response.text() };
};
const sent = (at = 0): string => setup.provider.requests[at]?.sent.toString() ?? "";
const events = (text: string): string[] => text.split("\n\n").filter((event) => event !== "");
const withoutUsage = (text: string): string =>
  events(text)
    .filter((event) => !event.includes('"choices":[]') && !event.includes('"usage":{'))
    .map((event) => `${event}\n\n`)
    .join("");

describe("a stream that ends well", () => {
  test("has the provider's bytes without the usage chunk that was not requested", async () => {
    await open();
    const { response, text } = await streamed();
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(text).toBe(withoutUsage(sent()));
    expect(text).toContain("data: [DONE]");
    const bills = setup.provider.requests[0]?.bills;
    expect(setup.events).toMatchObject([
      { status: 200, stream: true, source: "provider", use: { input: bills?.input, output: bills?.output } },
    ]);
    expect(setup.provider.requests[0]?.withUsage).toBe(true);
  });

  test("for any split of its frames by the network", async () => {
    await open();
    setup.provider.script(splintered(1, answer({ text: 'Grüße, 世界! "usage": {1}' })));
    const { text } = await streamed();
    expect(text).toBe(withoutUsage(sent()));
    expect(setup.events[0]?.source).toBe("provider");
  });

  test("keeps a requested usage chunk, adds the cost to it and changes no other byte", async () => {
    await open();
    const { text } = await streamed({ stream_options: { include_usage: true } });
    const cost = /,"cost_usd":([0-9.]+)/.exec(text);
    expect(text.replace(cost?.[0] ?? "", "")).toBe(sent());
    expect(Number(cost?.[1]) * 1e9).toBeCloseTo(Number(setup.events[0]?.costNano));
  });

  test("keeps other stream options when it adds the usage option", async () => {
    await open();
    await streamed({ stream_options: { include_obfuscation: false } });
    expect(JSON.parse(setup.provider.requests[0]?.body.toString() ?? "").stream_options).toEqual({
      include_obfuscation: false,
      include_usage: true,
    });
  });

  test("with unusual but valid frames", async () => {
    await open();
    const chunks = [
      ": hello\n\n",
      'data:{"choices":[{"delta":{"content":"a"},"finish_reason":null}]}\r\n\r\n',
      'event: x\ndata: {"choices":[{"delta":{},\ndata: "finish_reason":"stop"}]}\n\n',
      'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n',
      "data: [DONE]",
    ];
    setup.provider.script(raw(chunks));
    const { text } = await streamed();
    expect(text).toBe(chunks.filter((chunk) => !chunk.includes("usage")).join(""));
    expect(setup.events[0]).toMatchObject({ outcome: "complete", use: { input: 3, output: 4 } });
  });

  test("without reported usage is estimated and flagged", async () => {
    await open();
    setup.provider.script(
      raw(['data: {"choices":[{"delta":{"content":"12345678"},"finish_reason":"stop"}]}\n\n', "data: [DONE]\n\n"]),
    );
    await streamed();
    expect(setup.events[0]).toMatchObject({ source: "estimated", flags: ["usage_missing"], use: { output: 2 } });
    expect(BigInt(setup.events[0]?.costNano ?? 0)).toBeGreaterThan(0n);
  });
});

describe("a stream that breaks", () => {
  test.each(["reset", "end"] as const)(
    "by %s in the middle ends with an error frame and without an invented finish reason",
    async (gesture) => {
      await open();
      setup.provider.script(cutAfter(4, gesture, answer({ text: "one two three four five six" })));
      const { response, text } = await streamed();
      const frames = events(text);
      const last = JSON.parse(frames.at(-1)?.slice(6) ?? "{}");
      expect(response.status).toBe(200);
      expect(
        frames
          .slice(0, -1)
          .map((frame) => `${frame}\n\n`)
          .join(""),
      ).toBe(sent());
      expect(last.error).toMatchObject({ request_id: response.headers.get("x-tollgate-request-id") });
      expect(["upstream_error", "bad_upstream_response"]).toContain(last.error.code);
      expect(text).not.toContain("[DONE]");
      expect(setup.provider.requests).toHaveLength(1);
      expect(setup.events).toMatchObject([{ status: 502, outcome: "failed", source: "estimated", pricing: "priced" }]);
    },
  );

  test.each(["estimate", "zero"] as const)("is charged as the setting says: %s", async (brokenAnswers) => {
    await open({ settings: { brokenAnswers } });
    setup.provider.script(cutAfter(4, "reset", answer({ text: "one two three four five six" })));
    await streamed();
    const [event] = setup.events;
    expect(event).toMatchObject({ outcome: "failed", source: "estimated" });
    if (brokenAnswers === "zero") expect(event?.costNano).toBe("0");
    else expect(BigInt(event?.costNano ?? 0)).toBeGreaterThan(0n);
  });

  test("before its first event is retried", async () => {
    await open();
    setup.provider.script(cutAfter(0, "reset"));
    const { response, text } = await streamed();
    expect(response.headers.get("x-tollgate-attempts")).toBe("2");
    expect(text).toBe(withoutUsage(sent(1)));
    expect(setup.events[0]?.attempts).toMatchObject([{ error: "upstream_error" }, { error: null, status: 200 }]);
  });

  test("with an error event", async () => {
    await open();
    setup.provider.script(
      raw([
        'data: {"choices":[{"delta":{"content":"a"}}]}\n\n',
        'data: {"error":{"message":"overloaded","code":503}}\n\n',
      ]),
    );
    const { text } = await streamed();
    expect(JSON.parse(events(text).at(-1)?.slice(6) ?? "{}").error.code).toBe("upstream_error");
  });

  test("by sending nothing more", async () => {
    await open({ idleTimeoutMs: 100 });
    setup.provider.script(cutAfter(2, "stall"));
    const { text } = await streamed();
    expect(JSON.parse(events(text).at(-1)?.slice(6) ?? "{}").error.code).toBe("upstream_timeout");
    expect(setup.events).toMatchObject([{ status: 504, outcome: "failed" }]);
    await waitFor(() => setup.provider.requests[0]?.clientLeft);
  });

  test("by exceeding its total time", async () => {
    await open();
    setup.provider.script(slow(100, answer({ text: "a b c d e f g h i j k l m n o p q r s t u v w x y z" })));
    const response = await setup.post(ask({ stream: true }), { "x-tollgate-timeout-ms": "1000" });
    expect(await response.text()).toContain("upstream_timeout");
    expect(setup.events).toMatchObject([{ status: 504, outcome: "cut" }]);
    await waitFor(() => setup.provider.requests[0]?.clientLeft);
  });

  test("by an event without an end", async () => {
    await open();
    setup.provider.script(
      raw(['data: {"choices":[{"delta":{"content":"a"}}]}\n\n', `data: ${"x".repeat(34_000_000)}`]),
    );
    const { text } = await streamed();
    expect(text.length).toBeLessThan(2_000);
    expect(text).toContain("bad_upstream_response");
  });
});

test("during silence, comments are sent that clients ignore", async () => {
  await open({ settings: { keepaliveMs: 40 } });
  setup.provider.script(slow(150, answer({ text: "one" })));
  const { text } = await streamed();
  expect(text).toContain(": keepalive\n\n");
  expect(text.replaceAll(": keepalive\n\n", "")).toBe(withoutUsage(sent()));
});

test("a client that leaves cancels the call at the provider and pays for the received text", async () => {
  await open();
  setup.provider.script(slow(20, answer({ text: "word ".repeat(200) })));
  const leaving = new AbortController();
  const response = await fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: JSON.stringify(ask({ stream: true })),
    signal: leaving.signal,
  });
  const reader = response.body?.getReader();
  for (let read = 0; read < 5; read++) await reader?.read();
  leaving.abort();
  await waitFor(() => setup.provider.requests[0]?.clientLeft);
  const event = await waitFor(() => setup.events[0]);
  expect(event).toMatchObject({
    status: 499,
    outcome: "client_left",
    source: "estimated",
    error: "client_closed_request",
  });
  expect(event.use.output).toBeGreaterThan(0);
  expect(event.use.output).toBeLessThan(100);
});

test("revoking a key ends its running streams", async () => {
  await open({ settings: { keepaliveMs: 50 } });
  setup.provider.script(slow(100, answer({ text: "word ".repeat(100) })));
  const response = await setup.post(ask({ stream: true }));
  setup.change({}, { state: "revoked" });
  expect(await response.text()).toContain("key_revoked");
});

const big = `data: {"choices":[{"delta":{"content":"${"x".repeat(900_000)}"}}]}\n\n`;
const sentBytes = () => setup.provider.requests[0]?.sentBytes ?? 0;

test("a client that reads slowly slows the provider, and uses no memory here", async () => {
  await open();
  setup.provider.script(endless(big));
  const response = await setup.post(ask({ stream: true }));
  const reader = response.body?.getReader();
  await reader?.read();
  let before = 0;
  // When the sockets between are full, the provider waits.
  await waitFor(
    () => {
      const isSteady = before > 0 && sentBytes() === before;
      before = sentBytes();
      return isSteady;
    },
    { everyMs: 150 },
  );
  await waitFor(async () => {
    await reader?.read();
    return sentBytes() > before;
  });
  await reader?.cancel();
  await waitFor(() => setup.provider.requests[0]?.clientLeft);
});

test("a client that stops reading is disconnected, and so is the provider", async () => {
  await open({ settings: { writeStallMs: 200, keepaliveMs: 100 } });
  setup.provider.script(endless(big));
  const response = await setup.post(ask({ stream: true }));
  await response.body?.getReader().read();
  const event = await waitFor(() => setup.events[0]);
  expect(event).toMatchObject({ outcome: "client_left", status: 499 });
  await waitFor(() => setup.provider.requests[0]?.clientLeft);
});
