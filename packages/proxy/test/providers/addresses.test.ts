import { startProvider } from "@tollgate/testkit/provider";
import { status } from "@tollgate/testkit/provider-behaviour";
import { expect, onTestFinished, test } from "vitest";
import { withoutAddresses } from "../../src/providers/without-addresses.ts";
import { credential, model, openSetup, target } from "../setup.ts";

// What a provider writes in an error may name its own address, which clients must not learn.

const BASE = "https://llm.example.org:8443/v1";

test.each([
  ["POST https://llm.example.org:8443/v1/chat/completions failed", "POST [address] failed"],
  ["no route to LLM.example.org:8443.", "no route to [address]."],
  ["dial tcp 10.1.2.3:443: refused", "dial tcp [address]: refused"],
  ["connect ECONNREFUSED ::1:8000", "connect ECONNREFUSED [address]"],
  ["upstream http://[fd00::7]:8000/x, retry", "upstream [address], retry"],
  ["see http://vllm:8000/v1/models and http://localhost/", "see [address] and [address]"],
  ["host gpu-7.cluster.internal is down", "host [address] is down"],
  [
    "See https://platform.openai.com/docs/errors for gpt-4.1.",
    "See https://platform.openai.com/docs/errors for gpt-4.1.",
  ],
  ["messages[0].content: 3 of 5 (code: 400) std::vector", "messages[0].content: 3 of 5 (code: 400) std::vector"],
])("%s", (text, shown) => {
  expect(withoutAddresses(text, BASE)).toBe(shown);
});

test("a long text takes linear time", () => {
  const text = `${"a.b:".repeat(50_000)} http://${"x".repeat(100_000)}`;
  const startedAt = performance.now();
  withoutAddresses(text, BASE);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

const MESSAGE = (url: string) => `The request to ${url}/v1/x and to 10.0.0.7:8000 failed.`;

test.each([
  ["openai", "/v1/chat/completions", { messages: [{ role: "user", content: "x" }] }],
  ["vllm", "/v1/chat/completions", { messages: [{ role: "user", content: "x" }] }],
  ["openai", "/v1/messages", { max_tokens: 9, messages: [{ role: "user", content: "x" }] }],
  ["openai", "/v1/responses", { input: "x" }],
])("%s: an error of %s names no address", async (providerId, path, body) => {
  const provider = await startProvider();
  const main = credential(`${provider.url}/v1`, { provider: providerId, ...(providerId === "vllm" && { sealed: "" }) });
  const setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id)])] } });
  onTestFinished(async () => {
    await setup.close();
    await provider.close();
  });
  const refused = status(400, { message: MESSAGE(provider.url) });
  provider.script(refused, refused, refused);
  const made = await setup.postTo(path, { model: "small", ...body });
  const text = await made.text();
  expect(made.status).toBe(400);
  expect(text).toContain("The request to [address] and to [address] failed.");
  const { host } = new URL(provider.url);
  for (const seen of [text, JSON.stringify([...made.headers]), JSON.stringify(setup.events)]) {
    expect(seen).not.toContain(host);
    expect(seen).not.toContain("10.0.0.7");
  }
});
