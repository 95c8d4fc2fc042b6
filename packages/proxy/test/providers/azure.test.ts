import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, raw, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";

let provider: Provider;
let setup: Setup;

beforeEach(async () => {
  provider = await startProvider();
  const sealed = JSON.stringify({ scheme: "api-key", fields: { secret: "azure-key-canary", resource: "acme" } });
  const of = () => credential(`${provider.url}/openai/v1`, { provider: "azure", sealed });
  const [main, spare] = [of(), of()];
  const targets = [main, spare].map(({ id }, index) => target(id, { priority: index + 1 }));
  setup = await openSetup({ org: { credentials: [main, spare], models: [model(targets)] } });
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

const safe = { hate: { filtered: false, severity: "safe" }, violence: { filtered: false, severity: "safe" } };
const head = { created: 1_762_317_021, id: "chatcmpl-1", model: "gpt-4o-mini", object: "chat.completion.chunk" };
const chunk = (given: object) => `data: ${JSON.stringify(given)}\n\n`;
const choice = (delta: object, finish_reason: string | null, content_filter_results: object = safe) =>
  chunk({
    choices: [{ content_filter_results, delta, finish_reason, index: 0, logprobs: null }],
    ...head,
    usage: null,
  });

/** Azure reports what its filters found in the prompt before anything else, and in later texts without a delta. */
const FILTERED_PROMPT = chunk({
  ...{ choices: [], created: 0, id: "", model: "", object: "" },
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: { ...safe, jailbreak: { detected: false } } }],
});
const LATE_FILTER = chunk({
  ...{ created: 0, id: "", model: "", object: "" },
  choices: [
    {
      ...{ content_filter_results: safe, finish_reason: null, index: 0 },
      content_filter_offsets: { check_offset: 44, start_offset: 44, end_offset: 198 },
    },
  ],
});
const USAGE = chunk({ choices: [], ...head, usage: { completion_tokens: 78, prompt_tokens: 15, total_tokens: 93 } });
const STREAM = [
  FILTERED_PROMPT,
  choice({ content: "", role: "assistant" }, null, {}),
  choice({ content: "Capital of" }, null),
  LATE_FILTER,
  choice({ content: " Denmark." }, null),
  choice({}, "stop", {}),
];

it("a stream with the results of content filters passes unchanged, and its usage is metered", async () => {
  for (const include_usage of [true, false]) {
    provider.script(raw([...STREAM, USAGE, "data: [DONE]\n\n"]));
    const response = await setup.post(ask({ stream: true, stream_options: { include_usage } }));
    const expected = [...STREAM, ...(include_usage ? [USAGE] : []), "data: [DONE]\n\n"].join("");
    expect((await response.text()).replace(/,"cost_usd":[\d.]+/, "")).toBe(expected);
    expect(setup.events.at(-1)).toMatchObject({
      ...{ provider: "azure", outcome: "complete", source: "provider", pricing: "priced" },
      use: { input: 15, output: 78 },
    });
  }
  const { headers, path } = provider.requests[0] ?? {};
  expect(path).toBe("/openai/v1/chat/completions");
  expect(headers).toMatchObject({ "api-key": "azure-key-canary" });
  expect(headers).not.toHaveProperty("authorization");
});

it("a stream with the results of content filters is translated to other formats", async () => {
  provider.script(raw([...STREAM, USAGE, "data: [DONE]\n\n"]));
  const messages = [{ role: "user", content: "Hi" }];
  const response = await setup.postTo("/v1/messages", { model: "small", max_tokens: 99, stream: true, messages });
  const text = await response.text();
  const deltas = [...text.matchAll(/"text_delta","text":"([^"]*)"/g)].map(([, each]) => each);
  expect(deltas.join("")).toBe("Capital of Denmark.");
  expect(text).toContain("message_stop");
  expect(text).not.toContain("filter");
});

it("a text that the output filter stops ends with its reason, and is not asked again", async () => {
  provider.script(
    raw([FILTERED_PROMPT, choice({ content: "So" }, null), choice({}, "content_filter"), USAGE, "data: [DONE]\n\n"]),
  );
  expect(await (await setup.post(ask({ stream: true }))).text()).toContain('"finish_reason":"content_filter"');
  expect(setup.events.at(-1)).toMatchObject({ outcome: "complete", use: { input: 15, output: 78 } });
  expect(provider.requests).toHaveLength(1);
});

const refusal = (code: number, error: object) => status(code, { body: JSON.stringify({ error }) });

it("a prompt that the filter refuses is the request's fault: the client gets Azure's reason, and no other target is asked", async () => {
  const message = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.";
  const innererror = { code: "ResponsibleAIPolicyViolation", content_filter_result: { hate: { filtered: true } } };
  provider.script(
    refusal(400, { message, type: null, param: "prompt", code: "content_filter", status: 400, innererror }),
  );
  const response = await setup.post(ask());
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { message, param: "prompt", provider_code: "content_filter" } });
  expect(provider.requests).toHaveLength(1);
});

it.each([
  [
    "no deployment of this name",
    404,
    { code: "DeploymentNotFound", message: "The API deployment for this resource does not exist." },
  ],
  ["a wrong path", 404, { code: "404", message: "Resource not found" }],
  [
    "a model without this operation",
    400,
    {
      code: "OperationNotSupported",
      message:
        "The chatCompletion operation does not work with the specified model, gpt-x. Please choose different model and try again.",
    },
  ],
  [
    "a wrong key",
    401,
    { code: "401", message: "Access denied due to invalid subscription key or wrong API endpoint." },
  ],
  [
    "keys switched off",
    403,
    { code: "AuthenticationTypeDisabled", message: "Key based authentication is disabled for this resource." },
  ],
  ["a closed network", 403, { code: "403", message: "Public access is disabled. Please configure private endpoint." }],
  [
    "a used quota",
    429,
    { code: "429", message: "Requests have exceeded call rate limit of your current OpenAI S0 pricing tier." },
  ],
])("a resource with %s is not the last one to be asked", async (_what, code, error) => {
  provider.script(refusal(code, error), answer({ text: "Hello" }));
  expect((await setup.post(ask())).status).toBe(200);
  expect(provider.requests).toHaveLength(2);
});

it("a credential with an API version reaches the deployment's path, also for translated calls, and no name leaves its place", async () => {
  const fields = { secret: "azure-key-canary", resource: "acme", apiVersion: "2024-10-21" };
  const main = credential(`${provider.url}/openai`, {
    provider: "azure-dated",
    sealed: JSON.stringify({ scheme: "api-key", fields }),
  });
  const of = (name: string, upstreamModel: string) => model([target(main.id, { upstreamModel })], { name });
  setup.change({ credentials: [main], models: [of("small", "my-gpt"), of("evil", "../../x?y#z")] });
  await setup.post(ask());
  const messages = [{ role: "user", content: "Hi" }];
  await setup.postTo("/v1/messages", { model: "small", max_tokens: 99, messages });
  await setup.post(ask({ model: "evil" }));
  await setup.postTo("/v1/messages", { model: "evil", max_tokens: 99, messages });
  const place = (name: string) => `/openai/deployments/${name}/chat/completions?api-version=2024-10-21`;
  const evil = place("..%2F..%2Fx%3Fy%23z");
  expect(provider.requests.map(({ path }) => path)).toEqual([place("my-gpt"), place("my-gpt"), evil, evil]);
});
