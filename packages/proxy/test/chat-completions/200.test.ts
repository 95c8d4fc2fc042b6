import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, PROVIDER_SECRET } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

test("the client gets the provider's bytes unchanged, and they are metered", async () => {
  const response = await setup.post(ask());
  const body = Buffer.from(await response.arrayBuffer());

  expect(response.status).toBe(200);
  expect(body.equals(setup.provider.requests[0]?.sent ?? Buffer.alloc(0))).toBe(true);
  const [event] = setup.events;
  const bills = setup.provider.requests[0]?.bills;
  expect(event).toMatchObject({
    id: response.headers.get("x-tollgate-request-id"),
    status: 200,
    outcome: "complete",
    model: "small",
    upstreamModel: "gpt-4o-mini",
    source: "provider",
    pricing: "priced",
    use: { input: bills?.input, output: bills?.output },
  });
  expect(BigInt(event?.costNano ?? 0)).toBeGreaterThan(0n);
  expect(setup.events).toHaveLength(1);
});

test("only the model's name is changed for the provider", async () => {
  const text = `{ "messages" : [{"role":"user","content":"h\\u00e9 \\"model\\" 12345678901234567890"}],\n "model": "small" ,"seed":12345678901234567890 }`;
  await setup.post(text);
  const seen = setup.provider.requests[0];
  expect(seen?.body.toString()).toBe(text.replace('"model": "small"', '"model": "gpt-4o-mini"'));
});

test("the provider does not get the caller's key, and the client does not get the provider's secret", async () => {
  const response = await setup.post(ask(), { "x-custom": "mine", cookie: "a=b" });
  const seen = setup.provider.requests[0];
  expect(seen?.headers.authorization).toBe(`Bearer ${PROVIDER_SECRET}`);
  expect(JSON.stringify(seen?.headers)).not.toContain(setup.key);
  expect(seen?.headers).not.toHaveProperty("x-custom");
  expect(seen?.headers).not.toHaveProperty("cookie");
  const text = JSON.stringify([...response.headers]) + (await response.text());
  expect(text).not.toContain(PROVIDER_SECRET);
  expect(setup.logged.join()).not.toContain(PROVIDER_SECRET);
  expect(setup.logged.join()).not.toContain(setup.key);
});

test("headers contain the request id, the provider and the cost", async () => {
  const response = await setup.post(ask());
  await response.text();
  const headers = Object.fromEntries(response.headers);
  expect(headers).toMatchObject({
    "x-tollgate-provider": "openai",
    "x-tollgate-model": "gpt-4o-mini",
    "x-tollgate-attempts": "1",
    "x-tollgate-cache": "off",
  });
  expect(Number(headers["x-tollgate-cost-usd"])).toBeGreaterThan(0);
  expect(Number(headers["x-tollgate-overhead-ms"])).toBeGreaterThan(0);
  expect(setup.dispatched[0]?.event).toMatchObject({ id: headers["x-tollgate-request-id"], outcome: "interrupted" });
});

test("the event contains tags, customer and metadata", async () => {
  const response = await setup.post(ask(), {
    "x-tollgate-tags": "env=prod, feature=search",
    "x-tollgate-customer": "cus_1",
    "x-tollgate-metadata": '{"trace":1}',
    "x-request-id": "mine-1",
  });
  await response.text();
  expect(setup.events[0]).toMatchObject({
    tags: { env: "prod", feature: "search" },
    customer: "cus_1",
    metadata: '{"trace":1}',
    clientRequestId: "mine-1",
  });
});

const SESSION_ID = "5f0c9e1c-7a34-4a53-9d7a-3f4a3c9b1f10";

test.each([
  [{ "x-tollgate-session": "run-1" }, "run-1"],
  [{ "x-claude-code-session-id": SESSION_ID }, SESSION_ID],
  [{ "session-id": SESSION_ID, "thread-id": "other" }, SESSION_ID],
  [{ session_id: SESSION_ID }, SESSION_ID],
  [{ "x-opencode-session": "ses_1" }, "ses_1"],
  [{ "x-session-affinity": "ses_2", "x-session-id": "ses_2" }, "ses_2"],
  [{ "x-claude-code-session-id": SESSION_ID, "x-tollgate-session": "run-1" }, "run-1"],
  [{ "session-id": "s".repeat(129) }, null],
  [{}, null],
])("the event names the run: %j", async (headers, session) => {
  await (await setup.post(ask(), headers)).text();
  expect(setup.events.at(-1)).toMatchObject({ session });
});

test.each([
  [{ user: "user-1" }, "user-1"],
  [{ user: "user-1", safety_identifier: "hash-1" }, "hash-1"],
  [{ user: "", safety_identifier: null }, null],
  [{}, null],
])("the event names the end user: %j", async (fields, endUser) => {
  await (await setup.post(ask(fields))).text();
  expect(setup.events.at(-1)).toMatchObject({ endUser });
});

test("the event names the key's cost centre", async () => {
  setup.change({}, { costCentre: "CC-7" });
  await (await setup.post(ask())).text();
  expect(setup.events.at(-1)).toMatchObject({ costCentre: "CC-7" });
});
