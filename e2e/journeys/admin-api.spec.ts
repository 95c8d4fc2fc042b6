import { answer } from "@tollgate/testkit/provider-behaviour";
import { ApiByCurl, curl, type OpenApi } from "../curl.ts";
import { expect, test } from "../journey.ts";
import { createToken, newPerson, signUp } from "../pages.ts";

interface Resource {
  id: string;
}
interface Made {
  key: Resource;
  secret: string;
}
interface Row {
  status: number;
  costUsd: string;
}
interface Sum {
  label?: string;
  costUsd: string;
}

test("the whole journey with curl alone, from the OpenAPI document", async ({ installation, page, provider }) => {
  await signUp(page, newPerson("Ada"), "By Curl");
  const token = await createToken(page, "terraform");

  const address = `${installation.dashboardUrl}/api/v1/openapi.json`;
  const document = await curl<OpenApi>("GET", address, token);
  expect(document.json.openapi).toMatch(/^3\.1/);
  const api = new ApiByCurl(document.json, address, token);
  const done = async <T = Resource>(operation: string, input?: Record<string, unknown>): Promise<T> => {
    const { status, json } = await api.call<T>(operation, input);
    expect([operation, status < 300 ? "done" : json]).toEqual([operation, "done"]);
    return json;
  };

  const secret = "sk-curl-fake";
  const credential = await done("credentials.create", {
    name: "OpenAI",
    provider: "openai",
    baseUrl: `${provider.url}/v1`,
    secret,
  });
  expect(JSON.stringify(credential)).not.toContain(secret);
  for (const upstreamModel of ["gpt-4o-mini", "gpt-4o"]) {
    await done("models.create", { name: upstreamModel, targets: [{ credentialId: credential.id, upstreamModel }] });
  }
  const team = await done("teams.create", { name: "Research", deny: ["gpt-4o"] });
  const made = await done<Made>("keys.create", { name: "curl", teamId: team.id });
  await done("limits.set", { scope: "team", subject: team.id, unit: "usd", window: "month", amount: "0.01" });

  const call = (model: string) =>
    curl("POST", `${installation.proxyUrl}/v1/chat/completions`, made.secret, {
      model,
      messages: [{ role: "user", content: "Hello from curl" }],
    });
  // 10,000 × $0.15 + 14,200 × $0.60 a million = $0.01002: one call uses up the cent.
  provider.scriptModel("gpt-4o-mini", answer({ text: "Hello, curl.", usage: { input: 10_000, output: 14_200 } }));
  await expect(async () => expect((await call("gpt-4o-mini")).status).toBe(200)).toPass();
  expect(await call("gpt-4o")).toMatchObject({ status: 403, json: { error: { code: "model_not_allowed" } } });
  expect(await call("gpt-4o-mini")).toMatchObject({
    status: 402,
    json: { error: { type: "insufficient_quota", code: "budget_exceeded", window: "month" } },
  });

  await expect(async () => {
    const { items } = await done<{ items: Row[] }>("usage.requests", { keyId: made.key.id });
    expect(items.map(({ status, costUsd }) => [status, costUsd])).toEqual([
      [402, "0"],
      [403, "0"],
      [200, "0.01002"],
    ]);
  }).toPass();
  await expect(async () => {
    const spend = await done<{ total: Sum; rows: Sum[] }>("usage.spend", { groupBy: "team" });
    expect(spend.total.costUsd).toBe("0.01002");
    expect(spend.rows).toMatchObject([{ label: "Research", costUsd: "0.01002" }]);
  }).toPass();

  await done("keys.revoke", { id: made.key.id });
  await expect(async () => {
    expect(await call("gpt-4o-mini")).toMatchObject({ status: 403, json: { error: { code: "key_revoked" } } });
  }).toPass();

  expect((await api.call("credentials.delete", { id: credential.id })).json).toMatchObject({ code: "conflict" });
  const { items } = await done<{ items: { action: string }[] }>("audit.list");
  expect(JSON.stringify(items)).not.toContain(secret);
  expect(items.map(({ action }) => action)).toContain("keys.revoke");
});
