import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { entra } from "../../src/providers/auth/entra.ts";
import type { TokenRequest } from "../../src/providers/auth/token-post.ts";
import { openTokens } from "../../src/providers/auth/tokens.ts";
import { ask, credential, id, model, openSetup, type Setup, target } from "../setup.ts";
import { CLIENT_SECRET, PRIVATE_KEY, STRANGE_KEY, startTokenEndpoint, type TokenEndpoint } from "./token-endpoint.ts";

const START_MS = Date.now();
let nowMs: number;
let provider: Provider;
let endpoint: TokenEndpoint;
let setup: Setup;
const opened: Setup[] = [];

beforeEach(async () => {
  nowMs = START_MS;
  const now = (): number => nowMs;
  [provider, endpoint] = await Promise.all([startProvider(), startTokenEndpoint(now)]);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  endpoint.close();
  await provider.close();
});

/** A proxy with one model, whose credential has these fields. */
async function open(scheme: string, fields: Record<string, string>): Promise<Setup> {
  const now = (): number => nowMs;
  const sealed = JSON.stringify({ scheme, fields: { tokenUrl: endpoint.url, ...fields } });
  const main = credential(`${provider.url}/v1`, { provider: PROVIDER_OF[scheme] ?? "", sealed });
  const org = { credentials: [main], models: [model([target(main.id)])] };
  setup = await openSetup({ org, ports: { now, tokens: openTokens(now) } });
  opened.push(setup);
  return setup;
}

const PROVIDER_OF: Record<string, string> = { entra: "azure", "google-oauth": "vertex" };
const ENTRA = { tenantId: "acme.example.com", clientId: "app", clientSecret: CLIENT_SECRET };
const accountOf = (private_key: string, client_email = "robot@acme.iam.gserviceaccount.com") =>
  JSON.stringify({ client_email, private_key, private_key_id: "k1" });

const bearers = () => provider.requests.map(({ headers }) => headers.authorization);
const call = () => setup.post(ask());

describe("a credential with a client secret", () => {
  it("is exchanged for a token once, however many calls begin together, and only the token goes to the provider", async () => {
    await open("entra", ENTRA);
    const answers = await Promise.all(Array.from({ length: 20 }, call));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await call()).status).toBe(200);
    expect(endpoint.asked.map((form) => form.get("client_secret"))).toEqual([CLIENT_SECRET]);
    expect(new Set(bearers())).toEqual(new Set(["Bearer token-1-0123456789"]));
    expect(JSON.stringify(provider.requests.map(({ headers }) => headers))).not.toContain(CLIENT_SECRET);
  });

  it("gets the next token before the old one expires, without a call that waits", async () => {
    await open("entra", ENTRA);
    await call();
    nowMs += 3_400_000;
    endpoint.script.push((response) => void setTimeout(() => response.destroy(), 20));
    await call();
    expect(bearers().at(-1)).toBe("Bearer token-1-0123456789");
    // That renewal failed. The old token is still used, and the endpoint is asked again a second later.
    await expect.poll(() => endpoint.asked.length).toBe(2);
    const renewed = async () => {
      nowMs += 1_500;
      await call();
      return bearers().at(-1);
    };
    await expect.poll(renewed).toBe("Bearer token-3-0123456789");
    nowMs += 7_200_000;
    await call();
    expect(bearers().at(-1)).toBe("Bearer token-4-0123456789");
  });

  it("gets a new token after the provider refused an old one, but not after it refused a new one", async () => {
    await open("entra", ENTRA);
    const expired = () => status(401, { message: "Access token token-1-0123456789 has expired." });
    provider.script(expired(), answer(), expired(), answer());
    const refused = await call();
    expect(refused.status).toBe(502);
    expect(await refused.text()).not.toContain("token-1");
    await call();
    nowMs += 60_000;
    await call();
    await call();
    expect(bearers().at(-1)).toBe("Bearer token-2-0123456789");
  });
});

describe("a service account", () => {
  it("signs an assertion that Google's public key check accepts, and its token is sent", async () => {
    await open("google-oauth", { serviceAccount: accountOf(PRIVATE_KEY) });
    expect((await call()).status).toBe(200);
    expect(bearers()).toEqual(["Bearer token-1-0123456789"]);
    expect(JSON.stringify([...endpoint.asked.map(String), setup.logged])).not.toContain("PRIVATE KEY");
  });

  it.each([
    ["an unknown key", accountOf(STRANGE_KEY), "Invalid JWT Signature"],
    ["an unknown account", accountOf(PRIVATE_KEY, "ghost@acme.example"), "account not found"],
    ["a broken key", accountOf("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"), "cannot sign"],
    ["no key", "{}", "no key"],
  ])("with %s is an account fault with the reason in the log", async (_what, serviceAccount, reason) => {
    await open("google-oauth", { serviceAccount });
    const refused = await call();
    expect(refused.status).toBe(502);
    expect(await refused.json()).toMatchObject({ error: { code: "upstream_auth_error" } });
    expect(setup.logged.join("\n")).toContain(reason);
    expect(provider.requests).toEqual([]);
  });
});

describe("a token endpoint that", () => {
  const text = (status: number, body: string) => (response: import("node:http").ServerResponse) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(body);

  it.each<[string, (response: import("node:http").ServerResponse) => void, RegExp]>([
    ["refuses", text(401, '{"error":"invalid_client","error_description":"AADSTS7000222: expired"}'), /AADSTS7000222/],
    ["repeats the secret", text(400, JSON.stringify({ error: `no ${CLIENT_SECRET}` })), /no \[secret\]/],
    ["answers 200 without a token", text(200, '{"error":"none"}'), /no token/],
    ["answers with a web page", text(200, "<html>"), /no token/],
    ["answers null", text(200, "null"), /no token/],
    ["sends a token that would end the header", text(200, '{"access_token":"a\\r\\nx-evil: 1"}'), /no token/],
    ["sends a token of another type", text(200, '{"access_token":{"a":1}}'), /no token/],
    ["sends too much", text(200, `{"access_token":"${"a".repeat(200_000)}"}`), /too large/],
    ["redirects", (response) => void response.writeHead(302, { location: provider.url }).end(), /302/],
    ["has an error of its own", text(503, "busy"), /503/],
    ["cuts the connection", (response) => void response.destroy(), /unreachable/],
  ])("%s is an account fault with a clear reason, and other targets are tried", async (_what, answers, reason) => {
    await open("entra", ENTRA);
    endpoint.script.push(answers);
    const spare = credential(`${provider.url}/v1`);
    const [first] = setup.org.credentials;
    const targets = [target(first?.id ?? id()), target(spare.id, { priority: 2 })];
    setup.change({ credentials: [...setup.org.credentials, spare], models: [model(targets)] });
    const response = await call();
    expect(response.status).toBe(200);
    expect(response.headers.get("x-tollgate-attempts")).toBe("2");
    const logged = setup.logged.join("\n");
    expect(logged).toMatch(reason);
    expect(logged).not.toContain(CLIENT_SECRET);
    expect(provider.requests).toHaveLength(1);
    expect(setup.events[0]?.attempts[0]).toMatchObject({ error: "upstream_auth_error", unsent: true });
  });

  it("never answers does not keep a client that leaves, and is asked once", async () => {
    await open("entra", ENTRA);
    endpoint.script.push(() => {});
    const leaving = new AbortController();
    const calls = [1, 2].map(() =>
      fetch(`${setup.url}/v1/chat/completions`, {
        ...{ method: "POST", body: JSON.stringify(ask()), signal: leaving.signal },
        headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
      }),
    );
    await expect.poll(() => endpoint.asked.length).toBe(1);
    leaving.abort();
    await Promise.allSettled(calls);
    await expect.poll(() => setup.events.length).toBe(2);
    expect(setup.events).toMatchObject([{ outcome: "client_left" }, { outcome: "client_left" }]);
    expect(provider.requests).toEqual([]);
  });

  it.each([
    ["as text", "3599", 3_000_000, 1],
    ["that are huge", 1e300, 80_000_000, 1],
    ["that are negative", -5, 1, 2],
    ["that are no number", "soon", 200_000, 1],
  ])("sends seconds %s does not confuse the cache", async (_what, lifetime, laterMs, asked) => {
    await open("entra", ENTRA);
    endpoint.lifetime = lifetime;
    await call();
    nowMs += laterMs;
    expect((await call()).status).toBe(200);
    expect(endpoint.asked.length).toBe(asked);
  });
});

it("the tokens of different credentials are different, also for the same account", async () => {
  await open("entra", ENTRA);
  await call();
  await setup.close();
  opened.pop();
  await open("entra", { ...ENTRA, note: "sealed again" });
  await call();
  expect(new Set(bearers()).size).toBe(2);
});

it.each([
  [undefined, "https://login.microsoftonline.com/acme.example.com/oauth2/v2.0/token", "azure.com"],
  ["https://login.microsoftonline.us/acme/oauth2/v2.0/token", undefined, "azure.us"],
  ["https://login.partner.microsoftonline.cn/acme/oauth2/v2.0/token", undefined, "azure.cn"],
  ["https://login.microsoftonline.us.evil.example/token", undefined, "azure.com"],
])("a client secret at the token URL %s asks for the service of its cloud", async (tokenUrl, url = tokenUrl, cloud) => {
  const asked: TokenRequest[] = [];
  const post = async (request: TokenRequest) => {
    asked.push(request);
    return { status: 200, body: '{"access_token":"t-0123456789","expires_in":60}' };
  };
  const fields = { secret: "", ...ENTRA, ...(tokenUrl !== undefined && { tokenUrl }) };
  expect(await entra.run(fields, { post, now: Date.now })).toMatchObject({ lifetimeMs: 60_000 });
  expect(asked[0]?.url).toBe(url);
  expect(new URLSearchParams(asked[0]?.body).get("scope")).toBe(`https://cognitiveservices.${cloud}/.default`);
});
