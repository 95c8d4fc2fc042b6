import { answer } from "@tollgate/testkit/provider-behaviour";
import OpenAI from "openai";
import { expect, test } from "../journey.ts";
import {
  addModel,
  addProvider,
  createKey,
  createTeam,
  newPerson,
  openPage,
  revokeKey,
  setLimit,
  signUp,
} from "../pages.ts";

test("from an empty installation to a governed call, its cost, its limits and its end", async ({
  installation,
  page,
  provider,
}) => {
  // 12,000 × $0.15 + 2,000 × $0.60 a million tokens.
  const usage = { input: 12_000, output: 2_000 };
  const cost = "$0.003";
  provider.scriptModel("gpt-4o-mini", answer({ text: "Hello, Acme.", usage }));

  await test.step("an admin signs up and sets up the organisation", async () => {
    await signUp(page, newPerson("Alma"), "Acme");
    const baseUrl = `${provider.url}/v1`;
    await addProvider(page, { provider: "OpenAI", name: "OpenAI production", baseUrl, secret: "sk-proj-journey" });
    await expect(page.locator("body")).not.toContainText("sk-proj-journey");
    await addModel(page, { name: "small", upstreamModel: "gpt-4o-mini" });
    await addModel(page, { name: "large", upstreamModel: "gpt-4o" });
    await createTeam(page, "Research");
    await setLimit(page, { amount: "100", window: "Month" });
  });

  const secret = await test.step("creates a key, which is shown once", async () => {
    const shown = await createKey(page, { name: "search-backend", team: "Research", models: ["small"] });
    expect(shown).toMatch(/^tg_live_[0-9A-Za-z]{48}$/);
    await page.reload();
    await expect(page.getByRole("table", { name: "Keys" })).toContainText("search-backend");
    expect(await page.content()).not.toContain(shown);
    return shown;
  });

  const client = new OpenAI({ baseURL: `${installation.proxyUrl}/v1`, apiKey: secret, maxRetries: 0 });
  const call = (model: string) =>
    client.chat.completions.create({ model, messages: [{ role: "user", content: "Hello!" }] });
  const refusal = (model: string): Promise<unknown> =>
    call(model).then(
      () => "answered",
      ({ status, error }) => ({ status, ...error }),
    );

  await test.step("a call of an SDK is on Requests and Spend with its cost", async () => {
    await expect(async () => {
      await client.models.retrieve("small");
    }).toPass();
    await openPage(page, "Requests");
    const completion = await call("small");
    expect(completion.choices[0]?.message.content).toBe("Hello, Acme.");
    const row = page.getByRole("table").getByRole("row").filter({ hasText: "search-backend" });
    await expect(row).toContainText("small");
    await expect(row).toContainText(cost);
    await expect(async () => {
      await openPage(page, "Spend");
      await expect(page.getByRole("table").getByRole("row").filter({ hasText: "small" })).toContainText(cost, {
        timeout: 1_000,
      });
    }).toPass();
  });

  await test.step("a model that is not in the allow-list gives 403", async () => {
    expect(await refusal("large")).toMatchObject({
      status: 403,
      code: "model_not_allowed",
      type: "permission_error",
      request_id: expect.any(String),
    });
  });

  await test.step("a one-cent limit refuses with a 402 error", async () => {
    await setLimit(page, { scope: "Key", subject: "search-backend", amount: "0.01", window: "Month" });
    // This answer uses up the rest of the cent.
    provider.scriptModel("gpt-4o-mini", answer({ text: "Bye, Acme.", usage: { input: 60_000, output: 2_000 } }));
    await call("small");
    await expect(async () => {
      expect(await refusal("small")).toMatchObject({
        status: 402,
        code: "budget_exceeded",
        type: "insufficient_quota",
        scope: expect.stringContaining("key"),
        window: "month",
        resets_at: expect.stringMatching(/^\d{4}-\d\d-01T/),
        request_id: expect.any(String),
        docs_url: expect.stringContaining("budget_exceeded"),
      });
    }).toPass();
  });

  await test.step("a revoked key is refused", async () => {
    await revokeKey(page, "search-backend");
    await expect(async () => {
      expect(await refusal("small")).toMatchObject({ status: 403, code: "key_revoked" });
    }).toPass();
  });
});
