import { usdString } from "@tollgate/contracts/money";
import { waitFor } from "@tollgate/testkit/wait-for";
import { ask, newModel, storyOf } from "../calls.ts";
import { expect, test } from "../journey.ts";

test("a call with an unknown price is re-rated on the Spend page, to the nano-dollar", async ({
  governed,
  installation,
  page,
}) => {
  test.setTimeout(180_000);
  const { api, key, models } = governed;
  const upstreamModel = "own-llm-70b";
  const targets = [{ credentialId: models.openai.credentialId, upstreamModel }];
  const model = await newModel(governed, installation, { targets });
  const answer = await ask(installation, key, { model });
  expect(answer.status).toBe(200);
  const { usage } = await answer.clone().json();
  const { id, costUsd } = await storyOf(governed, answer);
  expect(costUsd).toBeNull();

  const from = new Date(Date.now() - 3_600_000).toISOString();
  const price = { inputPerMillionUsd: "3", outputPerMillionUsd: "7.000000001" };
  await api.post("/prices", { provider: "openai", upstreamModel, from, ...price });
  await governed.signIn(page, "spend");
  const row = page.getByRole("row").filter({ hasText: model });
  await expect(row).toContainText("unpriced");
  await page.getByRole("button", { name: "Re-rate…" }).click();
  await page.getByLabel("Note").fill("Their price list");
  await page.getByRole("button", { name: "Re-rate", exact: true }).click();
  await expect(page.getByText("the figures follow within a minute")).toBeVisible();

  const nano = Math.round(usage.prompt_tokens * 3_000 + usage.completion_tokens * 7_000.000001);
  const expected = usdString(BigInt(nano));
  await waitFor(async () => (await api.get<{ costUsd: string | null }>(`/usage/requests/${id}`)).costUsd === expected, {
    timeoutMs: 120_000,
  });
  await expect(row).toContainText(`$${expected}`);
  await expect(row).not.toContainText("unpriced");
  await governed.signIn(page, `requests?request=${id}`);
  await expect(page.getByText("Its price became known")).toBeVisible();
  await expect(page.getByText("Their price list")).toBeVisible();
});
