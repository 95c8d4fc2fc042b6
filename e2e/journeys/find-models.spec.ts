import AxeBuilder from "@axe-core/playwright";
import { waitFor } from "@tollgate/testkit/wait-for";
import { expect, test } from "../journey.ts";

test("the models of a provider are listed with their prices, and one is added with a click", async ({
  governed,
  page,
}) => {
  await governed.signIn(page, "models");
  await page.getByRole("link", { name: "Find models" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Find models" })).toBeVisible();
  await page.getByRole("button", { name: "List models" }).click();
  const table = page.getByRole("table", { name: "Found models" });
  const row = table.getByRole("row").filter({ hasText: "gpt-4.1-mini" });
  await expect(row).not.toContainText("Added");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("button", { name: "Add gpt-4.1-mini" }).click();
  await expect(row).toContainText("Added");
  const { items } = await governed.api.get<{ items: { id: string; name: string }[] }>("/models?search=gpt-4.1-mini");
  expect(items).toMatchObject([{ name: "gpt-4.1-mini" }]);
  await governed.api.delete(`/models/${items[0]?.id}`);
});

test("a script lists the models of a credential", async ({ governed }) => {
  const { credentialId } = governed.models.openai;
  await governed.api.post(`/credentials/${credentialId}/models`);
  const found = await waitFor(async () => {
    const list = await governed.api.get<{ state: string; items: { id: string }[] }>(
      `/credentials/${credentialId}/models`,
    );
    return list.state === "running" ? undefined : list;
  });
  expect(found).toMatchObject({ state: "found", items: [{ id: "gpt-4.1-mini" }, { id: "house-model-7b" }] });
});
