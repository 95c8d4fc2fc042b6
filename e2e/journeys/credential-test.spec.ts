import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { waitFor } from "@tollgate/testkit/wait-for";
import { expect, test } from "../journey.ts";
import { addProvider } from "../pages.ts";

const rowOf = (page: Page, name: string) =>
  page.getByRole("table", { name: "Providers" }).getByRole("row").filter({ hasText: name });

test("a provider is tested with a click, and the page shows that it works and when it was checked", async ({
  governed,
  page,
}) => {
  await governed.signIn(page, "providers");
  await page.getByRole("button", { name: "Test OpenAI" }).click();
  await expect(rowOf(page, "OpenAI")).toContainText("Works");
  await expect(rowOf(page, "OpenAI")).toContainText("checked");
  await page.reload();
  await expect(rowOf(page, "OpenAI")).toContainText("Works");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("a provider that was just added is tested, and a wrong secret, host or path shows what failed", async ({
  governed,
  page,
  provider,
}) => {
  await governed.signIn(page, "providers");
  const add = (name: string, baseUrl: string, secret = "sk-journey-right") =>
    addProvider(page, { provider: "OpenAI", name, baseUrl, secret });

  await add("Right", `${provider.url}/v1`);
  await expect(rowOf(page, "Right")).toContainText("Works");

  await add("Bad secret", `${provider.url}/v1`, "sk-journey-wrong");
  await expect(rowOf(page, "Bad secret")).toContainText("refuses the secret (401)");
  await expect(page.locator("body")).not.toContainText("sk-journey-wrong");

  await add("Bad host", "https://no-such-host.invalid/v1");
  await expect(rowOf(page, "Bad host")).toContainText("The name of the host cannot be resolved");

  await add("Bad path", `${provider.url}/v9`);
  await expect(rowOf(page, "Bad path")).toContainText("no API at this address (404)");

  await page.getByRole("button", { name: "Actions for Bad secret" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("New API key").fill("sk-journey-right");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(rowOf(page, "Bad secret")).toContainText("Works");

  for (const name of ["Right", "Bad secret", "Bad host", "Bad path"]) {
    const { items } = await governed.api.get<{ items: { id: string; name: string }[] }>("/credentials");
    await governed.api.delete(`/credentials/${items.find((each) => each.name === name)?.id}`);
  }
});

test("a script starts a test and reads its result", async ({ governed }) => {
  const { credentialId } = governed.models.anthropic;
  const started = await governed.api.post<{ id: string; state: string }>(`/credentials/${credentialId}/test`);
  const tested = await waitFor(async () => {
    const { test: last } = await governed.api.get<{ test: { id: string; state: string } }>(
      `/credentials/${credentialId}`,
    );
    return last.state === "running" ? undefined : last;
  });
  expect(tested).toMatchObject({ id: started.id, state: "works", outcome: "works" });
});
