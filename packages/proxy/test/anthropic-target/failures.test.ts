import { gzipSync } from "node:zlib";
import { knownModel } from "@tollgate/catalog/models";
import { answer, cutAfter, raw, reset, splintered, stall, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, limit, PROVIDER_SECRET } from "../setup.ts";
import { type AnthropicSetup, openAnthropicSetup } from "./anthropic-setup.ts";

let setup: AnthropicSetup;
beforeEach(async () => {
  setup = await openAnthropicSetup("claude-sonnet-4-6");
});
afterEach(() => setup.close());

/** The proxy waits only a second for a silent provider. In all other tests it waits longer than this process can stand still. */
async function becomeImpatient(): Promise<void> {
  await setup.close();
  setup = await openAnthropicSetup("claude-sonnet-4-6", { idleTimeoutMs: 1_000, headerTimeoutMs: 1_000 });
}

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const json = async (response: Response) => (await response.json()) as { error: Record<string, unknown> };

describe("before the first byte", () => {
  it("passes on the provider's message about the request, with its status", async () => {
    setup.provider.script(status(400, { message: "max_tokens: 9 > 8, which is the maximum" }));
    const response = await setup.post(ask());
    expect(response.status).toBe(400);
    expect((await json(response)).error).toMatchObject({
      code: "upstream_rejected",
      message: "max_tokens: 9 > 8, which is the maximum",
    });
    expect(setup.events).toMatchObject([{ status: 400, costNano: "0", attempts: [{ status: 400 }] }]);
  });

  it("recognises the error for a prompt that is too long", async () => {
    setup.provider.script(status(400, { message: "prompt is too long: 210000 tokens > 200000 maximum" }));
    expect((await json(await setup.post(ask()))).error.code).toBe("context_length_exceeded");
  });

  it("does not reveal a refused credential, and does not report it as the caller's key", async () => {
    setup.provider.script(status(401, { message: `invalid x-api-key ${PROVIDER_SECRET}` }));
    const response = await setup.post(ask());
    const text = await response.text();
    expect([response.status, JSON.parse(text).error.code]).toEqual([502, "upstream_auth_error"]);
    expect(text + setup.logged.join()).not.toContain(PROVIDER_SECRET);
  });

  it("removes the credential from a provider's error about the request", async () => {
    setup.provider.script(status(400, { message: `bad header for ${PROVIDER_SECRET}` }));
    const text = await (await setup.post(ask())).text();
    expect(text).toContain("bad header for [secret]");
    expect(text + setup.logged.join()).not.toContain(PROVIDER_SECRET);
  });

  it("passes on a rate limit with its delay", async () => {
    setup.provider.script(
      status(429, { headers: { "retry-after": "7" } }),
      status(429, { headers: { "retry-after": "7" } }),
    );
    const response = await setup.post(ask());
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
  });

  it.each([
    ["a reset", reset()],
    ["503", status(503)],
    ["529", status(529)],
    ["HTML", raw(["<html>hello</html>"], { "content-type": "text/html" })],
    ["nothing", raw([""], { "content-type": "application/json" })],
    ["broken JSON", raw(['{"id":"x","content":['], { "content-type": "application/json" })],
    ["another's JSON", raw(['{"choices":[]}'], { "content-type": "application/json" })],
    ["a redirect", raw([""], { location: "http://169.254.169.254/" }, 302)],
  ])("tries again after %s", async (_name, behaviour) => {
    setup.provider.script(behaviour, answer({ text: "here" }));
    const response = await setup.post(ask());
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('"here"');
    expect(setup.events[0]?.attempts).toHaveLength(2);
  });

  it("does not ask twice after silence, because the provider may still be at work", async () => {
    await becomeImpatient();
    setup.provider.script(stall());
    expect((await setup.post(ask())).status).toBe(504);
    expect(setup.provider.requests).toHaveLength(1);
  });

  it.each([
    ["an error event", raw([event("error", { error: { type: "overloaded_error", message: "Overloaded" } })])],
    ["an empty stream", raw([""])],
    ["HTML", raw(["<html>"], { "content-type": "text/html" })],
    ["a stream that ends at its start", cutAfter(1, "end")],
  ])("tries a stream again after %s", async (_case, behaviour) => {
    setup.provider.script(behaviour, answer({ text: "here" }));
    const text = await (await setup.post(ask({ stream: true }))).text();
    expect(text).toContain('"here"');
    expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });
});

describe("after the first byte", () => {
  const long = answer({ text: "one two three four five", usage: { input: 50, output: 5 } });

  it.each([
    ["ends early", cutAfter(6, "end", long), "bad_upstream_response"],
    ["is reset", cutAfter(6, "reset", long), "upstream_error"],
    ["falls silent", cutAfter(6, "stall", long), "upstream_timeout"],
  ])(
    "a stream that %s ends in an error frame, without [DONE] or an invented reason",
    async (_case, behaviour, code) => {
      if (code === "upstream_timeout") await becomeImpatient();
      setup.provider.script(behaviour);
      const text = await (await setup.post(ask({ stream: true }))).text();
      expect(text).toContain('"content":"one"');
      expect(text).not.toContain("[DONE]");
      expect(text).not.toMatch(/"finish_reason":"/);
      expect(JSON.parse(text.trimEnd().split("\n").at(-1)?.slice(6) ?? "")).toMatchObject({ error: { code } });
      expect(setup.provider.requests).toHaveLength(1);
      // The provider reported its prompt tokens at the start, so they are known although the stream did not end.
      expect(setup.events).toMatchObject([{ outcome: "failed", error: code, use: { input: 50 }, source: "estimated" }]);
    },
  );

  it.each(["estimate", "reported"] as const)(
    "a stream that reports its prompt and then fails costs at least that (%s)",
    async (brokenAnswers) => {
      Object.assign(setup.ports.settings, { brokenAnswers });
      setup.provider.scriptModel("claude-sonnet-4-6", cutAfter(2, "reset", long), cutAfter(6, "reset", long));
      for (const [index] of [0, 1].entries()) {
        await (await setup.post(ask({ stream: true }))).text();
        const reported = BigInt(50 * 3_000 + 15_000);
        expect(setup.events[index]?.attempts[0]?.use).toMatchObject({ input: 50 });
        expect(BigInt(setup.events[index]?.attempts[0]?.costNano ?? 0)).toBeGreaterThanOrEqual(reported);
      }
    },
  );

  it("a stream that reports its prompt and fails before any text costs only the prompt, also under a blocking budget", async () => {
    setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 10n ** 10n })] });
    const overloaded = event("error", { error: { type: "overloaded_error", message: "Overloaded" } });
    setup.provider.scriptModel("claude-sonnet-4-6", (asked) => {
      const whole = long(asked);
      return { ...whole, moves: [...whole.moves.slice(0, 1), { bytes: Buffer.from(overloaded) }, "end"] };
    });
    await (await setup.post(ask({ stream: true }))).text();
    const attempts = setup.events[0]?.attempts ?? [];
    expect(attempts).toHaveLength(2);
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ use: { input: 50, output: 1 }, costNano: String(50 * 3_000 + 15_000) });
  });

  it("a stream that reports its prompt and then sends nothing counts as held under a blocking budget", async () => {
    await becomeImpatient();
    setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 10n ** 10n })] });
    setup.provider.scriptModel("claude-sonnet-4-6", cutAfter(1, "stall", long));
    await (await setup.post(ask({ stream: true, max_tokens: 700 }))).text();
    const attempts = setup.events[0]?.attempts ?? [];
    expect(attempts.length).toBeGreaterThan(0);
    for (const attempt of attempts) expect(attempt).toMatchObject({ use: { input: 50, output: 700 } });
  });

  it("an error event in the middle is passed on and not retried", async () => {
    const overloaded = event("error", { error: { type: "overloaded_error", message: "Overloaded" } });
    setup.provider.script((asked) => {
      const whole = long(asked);
      return { ...whole, moves: [...whole.moves.slice(0, 6), { bytes: Buffer.from(overloaded) }, "stall"] };
    });
    const text = await (await setup.post(ask({ stream: true }))).text();
    expect(text).toContain('"code":"upstream_error"');
    expect(text).not.toContain("[DONE]");
    await setup.provider.requests[0]?.done;
    expect(setup.provider.requests[0]?.clientLeft).toBe(true);
  });

  it("a client that leaves cancels the call at the provider, and pays for the received text", async () => {
    setup.provider.script(cutAfter(6, "stall", long));
    const leaving = new AbortController();
    const response = await fetch(`${setup.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
      body: JSON.stringify(ask({ stream: true })),
      signal: leaving.signal,
    });
    await response.body?.getReader().read();
    leaving.abort();
    await setup.provider.requests[0]?.done;
    expect(setup.provider.requests[0]?.clientLeft).toBe(true);
    await expect.poll(() => setup.events.length).toBe(1);
    expect(setup.events).toMatchObject([
      { outcome: "client_left", status: 499, use: { input: 50 }, source: "estimated" },
    ]);
  });
});

describe("a stream that is split anywhere", () => {
  it.each([1, 2, 3, 7])("writes of %i bytes make no difference", async (bytes) => {
    const said = answer({ text: "żółw 🐢 says\n\n“hi”", toolCalls: [{ name: "f", arguments: { a: "🐢" } }] });
    setup.provider.script(said, splintered(bytes, said));
    const ids = (text: string): string => text.replaceAll(/msg_tollgate\d+|toolu_\d_\d|"created":\d+/g, "");
    const body = ask({ stream: true, stream_options: { include_usage: true } });
    const whole = await (await setup.post(body)).text();
    expect(ids(await (await setup.post(body)).text())).toBe(ids(whole));
  });
});

describe("a stream that is too large", () => {
  it("a single event without an end is cut at 1 MiB", async () => {
    const endless = raw([`data: {"type":"ping","x":"${"a".repeat(3 * 1024 * 1024)}`]);
    setup.provider.script(endless, endless);
    const response = await setup.post(ask({ stream: true }));
    expect([response.status, (await json(response)).error.code]).toEqual([502, "bad_upstream_response"]);
  });
});

describe("implausible usage", () => {
  it("is clamped to the limits of the model, and flagged", async () => {
    setup.provider.script(answer({ text: "x", usage: { input: 9e9, output: 1e12 } }));
    await (await setup.post(ask({ max_tokens: 100 }))).text();
    const { contextWindow, maxOutputTokens } = knownModel("anthropic", "claude-sonnet-4-6", Date.now());
    expect(contextWindow).toBeGreaterThan(100_000);
    expect(setup.events).toMatchObject([
      { use: { input: contextWindow, output: maxOutputTokens }, flags: expect.arrayContaining(["usage_suspect"]) },
    ]);
  });
});

describe("an encoded answer", () => {
  it("is decompressed although it was not requested", async () => {
    const plain = answer({ text: "here" });
    setup.provider.script((asked) => {
      const { moves } = plain(asked);
      const bytes = moves.flatMap((move) => (typeof move === "object" && "bytes" in move ? [move.bytes] : []));
      const headers = { "content-type": "application/json", "content-encoding": "gzip" };
      return raw([gzipSync(Buffer.concat(bytes))], headers)(asked);
    });
    expect(await (await setup.post(ask())).text()).toContain('"here"');
    expect(setup.provider.requests[0]?.headers["accept-encoding"]).toBe("identity");
  });

  it("of more than 64 MiB decompressed is not a valid answer", async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    setup.provider.script(raw([bomb], headers), raw([bomb], headers));
    expect((await json(await setup.post(ask()))).error.code).toBe("bad_upstream_response");
  });
});
