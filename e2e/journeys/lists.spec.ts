import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../journey.ts";

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ name: `${name}-${String(n).padStart(3, "0")}` }));

test("keys are shown page by page, and the search finds those of every page", async ({ governed, page }) => {
  await governed.api.post("/keys/bulk-create", { items: numbered("paged", 60) });
  await governed.signIn(page, "keys?q=paged-&sort=name");
  const table = page.getByRole("table", { name: "Keys" });
  const rows = table.getByRole("row").filter({ hasText: "paged-" });
  await expect(rows).toHaveCount(25);
  await expect(rows.first()).toContainText("paged-000");
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(rows.first()).toContainText("paged-025");
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(rows).toHaveCount(10);
  await expect(page.getByRole("link", { name: "Next page" })).toBeHidden();

  await page.getByRole("searchbox", { name: "Search keys" }).fill("PAGED-007");
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("paged-007");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("searchbox", { name: "Search keys" }).fill("paged-");
  await expect(rows.first()).toContainText("paged-000");
  await table.getByRole("button", { name: "Name" }).click();
  await expect(rows.first()).toContainText("paged-059");
});

test("selected keys are disabled and revoked together", async ({ governed, page }) => {
  await governed.api.post("/keys/bulk-create", { items: numbered("chosen", 4) });
  await governed.signIn(page, "keys?q=chosen-");
  await page.getByRole("checkbox", { name: "Select chosen-000" }).check();
  await page.getByRole("checkbox", { name: "Select chosen-001" }).check();
  const bar = page.getByRole("region", { name: "Selected keys" });
  await expect(bar).toContainText("2 selected");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await bar.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("table", { name: "Keys" }).getByText("Disabled")).toHaveCount(2);
  await bar.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke 2 keys" }).click();
  await expect(page.getByRole("table", { name: "Keys" }).getByRole("row").filter({ hasText: "chosen-" })).toHaveCount(
    2,
  );
});

test("keys are created from CSV; wrong lines are named, and then the secrets are shown once", async ({
  governed,
  page,
}) => {
  await governed.api.post("/teams", { name: "Imported" });
  await governed.signIn(page, "keys");
  await page.getByRole("button", { name: "Create from CSV" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("CSV").fill("name,team\ncsv-one,Imported\ncsv-two,Nobody");
  await dialog.getByRole("button", { name: "Create 2 keys" }).click();
  await expect(dialog.getByRole("list", { name: "Errors" })).toHaveText("Line 3, team: there is no such team");
  await dialog.getByLabel("CSV").fill("name;team\ncsv-one;Imported\n\ncsv-two;\n");
  await dialog.getByRole("button", { name: "Create 2 keys" }).click();
  const secrets = dialog.getByRole("status", { name: "Virtual keys" });
  await expect(secrets).toContainText(/csv-one,\w+,tg_live_\w+/);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("table", { name: "Keys" }).getByText("csv-two")).toBeVisible();
});

test("a select finds an object that is not among the first as one types", async ({ governed, page }) => {
  for (const { name } of numbered("select-team", 12)) await governed.api.post("/teams", { name });
  await governed.signIn(page, "keys?new=true");
  const dialog = page.getByRole("dialog", { name: "Create key" });
  await dialog.getByLabel("Name").fill("of-a-team");
  await dialog.getByRole("combobox", { name: "Team", exact: true }).click();
  await expect(page.getByText("More match: type to find them.")).toBeVisible();
  await page.getByPlaceholder("Type to search").fill("TEAM-011");
  await page.getByRole("option", { name: "select-team-011" }).click();
  await dialog.getByRole("button", { name: "Create key" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("table", { name: "Keys" }).getByRole("row").filter({ hasText: "of-a-team" });
  await expect(row).toContainText("select-team-011");
});
