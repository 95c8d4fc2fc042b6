import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";

const said = (content: string) => ({ messages: [{ role: "user", content }] });

let provider: Provider;
let setup: Setup;

beforeEach(async () => {
  provider = await startProvider();
  const one = credential(`${provider.url}/v1`);
  setup = await openSetup({ org: { credentials: [one], models: [model([target(one.id)])] } });
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

const isPausedAfter = async (code: number, message: string, fields: Record<string, unknown> = {}): Promise<boolean> => {
  provider.script(status(code, { message }));
  await setup.post(ask(fields));
  expect(provider.requests).toHaveLength(1);
  return setup.ports.pauses.isPaused(setup.org.credentials[0]?.id ?? "");
};

test.each([
  ["your credit balance is too low: Extra inputs are not permitted", { "your credit balance is too low": 1 }],
  [
    "messages.0.invalid api key: Extra inputs are not permitted",
    { messages: [{ role: "user", content: "x", "invalid api key": 1 }] },
  ],
  ["Unrecognized request argument supplied: incorrect api key", { "incorrect api key": 1 }],
  ["Invalid api key: Extra inputs are not permitted", said("api_key")],
  ["You have reached your specified API usage limits.", said("you HAVE reached your specified api usage limits.")],
  ["Insufficient balance is not one of low, high", { effort: "insufficient\tbalance" }],
])("a 400 that says %j of a request that has the words does not pause the credential", async (message, fields) => {
  expect(await isPausedAfter(400, message, fields)).toBe(false);
});

test("a 400 with words that the request writes with JSON escapes does not pause the credential", async () => {
  provider.script(status(400, { message: "your credit balance is too low: Extra inputs are not permitted" }));
  const body = JSON.stringify(ask({ field: 1 })).replace(
    "field",
    String.raw`your \u0063redit bal\u0061nce is too lo\u0077`,
  );
  await fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body,
  });
  expect(provider.requests).toHaveLength(1);
  expect(setup.ports.pauses.isPaused(setup.org.credentials[0]?.id ?? "")).toBe(false);
});

test.each([
  "The file says: your credit balance is too low",
  "Failed to fetch the image. Insufficient funds",
  "billing is not a known field",
  "messages.0.account is suspended: Extra inputs are not permitted",
])("a 400 that says %j does not pause the credential: no provider begins so", async (message) => {
  expect(await isPausedAfter(400, message)).toBe(false);
});

test.each([
  [400, "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade."],
  [400, "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."],
  [400, "API key not valid. Please pass a valid API key."],
  [400, "API key expired. Please renew the API key."],
  [400, "Incorrect API key provided: xa***ab. You can obtain an API key from https://console.x.ai."],
  [400, "Your account is not active, please check your billing details on our website."],
  [400, "Operation not allowed"],
  [402, "Insufficient Balance"],
  [403, "Your team 5f2b-77 has either used all available credits or reached its monthly spending limit."],
  [429, "Your project has exceeded its monthly spending cap. Please go to AI Studio."],
  [429, "This organization has reached its monthly spending limit."],
])("a %i that says %j pauses the credential", async (code, message) => {
  expect(await isPausedAfter(code, message, said("Write a poem about keys, credit and accounts."))).toBe(true);
});
