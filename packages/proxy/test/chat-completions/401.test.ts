import { mintKey } from "@tollgate/vault/key-format";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, openSetup, type Setup } from "../setup.ts";

let setup: Setup;

beforeAll(async () => {
  setup = await openSetup();
});
afterAll(() => setup.close());

const refusalOf = async (authorization: string) => {
  const response = await setup.post(ask(), { authorization });
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  const { request_id: _, ...rest } = error;
  return { status: response.status, challenge: response.headers.get("www-authenticate"), error: rest };
};

test("without a key", async () => {
  const response = await fetch(`${setup.url}/v1/models`);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: "missing_api_key", type: "authentication_error" } });
});

const wrongChecksum = (key: string): string => key.slice(0, -1) + (key.endsWith("a") ? "b" : "a");
const otherSecret = (key: string, own: string): string => key.slice(0, 8) + own.slice(8, 18) + key.slice(18);

test("an unknown key, a wrong one and garbage get identical answers", async () => {
  const unknown = mintKey("live").secret;
  const answers = [
    await refusalOf(`Bearer ${unknown}`),
    await refusalOf(`Bearer ${wrongChecksum(setup.key)}`),
    await refusalOf(`Bearer ${otherSecret(unknown, setup.key)}`),
    await refusalOf(`Bearer ${mintKey("test").secret}`),
    await refusalOf(`Bearer ${mintKey("adm").secret}`),
    await refusalOf("Bearer "),
    await refusalOf("Basic x"),
    await refusalOf("Bearer a b"),
    await refusalOf("Bearer ' OR '1'='1"),
    await refusalOf("Bearer sk-proj-abcdef"),
  ];
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).toMatchObject({ status: 401, challenge: "Bearer", error: { code: "invalid_api_key" } });
});

test("without a valid key, the body is not read and no event is recorded", async () => {
  const response = await setup.post("{ not json", { authorization: "Bearer nobody" });
  expect(response.status).toBe(401);
  expect(setup.events).toHaveLength(0);
});

test("a received key is never logged", async () => {
  await setup.post(ask(), { authorization: "Bearer sk-proj-canary-1234" });
  expect(setup.logged.join()).not.toContain("canary");
});

test.each(["authorization", "x-api-key", "x-goog-api-key", "api-key"])("the key is taken from %s", async (name) => {
  const value = name === "authorization" ? `Bearer ${setup.key}` : setup.key;
  const response = await fetch(`${setup.url}/v1/models`, { headers: { [name]: value } });
  expect(response.status).toBe(200);
});
