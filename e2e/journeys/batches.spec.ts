import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { fakeBatches } from "@tollgate/testkit/provider-batches";
import { startStoringProvider } from "@tollgate/testkit/storing-provider";
import { waitFor } from "@tollgate/testkit/wait-for";
import OpenAI from "openai";
import { expect, test } from "../journey.ts";
import { untilKnown } from "../until-known.ts";

const LINE = {
  ...{ custom_id: "a", method: "POST", url: "/v1/chat/completions" },
  body: { model: "batched", max_tokens: 100_000, messages: [{ role: "user", content: "Hello" }] },
};

const row = (page: Page) =>
  page.getByRole("table", { name: "Batches" }).getByRole("row").filter({ hasText: "batched" });

test("a batch is listed with its hold, and cancelled on the page", async ({ governed, installation, page }, info) => {
  const fake = fakeBatches();
  const provider = await startStoringProvider(fake.paths);
  const credential = { name: "Batches", provider: "openai", baseUrl: `${provider.url}/v1`, secret: "sk-batches-fake" };
  const { id: credentialId } = await governed.api.post<{ id: string }>("/credentials", credential);
  const targets = [{ credentialId, upstreamModel: "gpt-4o-mini" }];
  const { id: modelId } = await governed.api.post<{ id: string }>("/models", { name: "batched", targets });
  await untilKnown(installation.proxyUrl, governed.key, "batched");

  await governed.signIn(page, "batches");
  await expect(page.getByText("No batches yet")).toBeVisible();

  const client = new OpenAI({ baseURL: `${installation.proxyUrl}/v1`, apiKey: governed.key, maxRetries: 0 });
  const file = await client.files.create({ file: new File([JSON.stringify(LINE)], "in.jsonl"), purpose: "batch" });
  const endpoint = "/v1/chat/completions";
  await client.batches.create({ input_file_id: file.id, endpoint, completion_window: "24h" });

  await expect(row(page)).toContainText("Open", { timeout: 15_000 });
  await expect(row(page)).toContainText("$0.00492 held");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.screenshot({ path: info.outputPath(`${colorScheme}.png`) });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: info.outputPath("phone.png") });
  await page.setViewportSize({ width: 1280, height: 800 });

  await row(page).getByRole("link", { name: "batched" }).click();
  await expect(page.getByRole("dialog")).toContainText("open, held $0.00492");
  await page.screenshot({ path: info.outputPath("request.png") });

  await governed.signIn(page, "batches");
  await page.getByRole("button", { name: "Actions for the batch of batched" }).click();
  await page.getByRole("menuitem", { name: "Cancel" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel batch" }).click();
  await expect(row(page)).toContainText("Cancelling");
  await waitFor(async () => fake.batches.get("batch_stored1")?.status === "cancelling" || undefined, {
    timeoutMs: 90_000,
  });

  await governed.api.delete(`/models/${modelId}`);
  await governed.api.delete(`/credentials/${credentialId}`);
  await provider.close();
});
