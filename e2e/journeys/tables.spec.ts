import AxeBuilder from "@axe-core/playwright";
import { ask } from "../calls.ts";
import { expect, test } from "../journey.ts";

const NAMES = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"];

test("a table can be searched and sorted, and its URL shows another visitor the same rows", async ({
  browser,
  governed,
  installation,
  page,
}) => {
  for (const name of NAMES) await governed.api.post("/keys", { name: `table-${name}` });
  await governed.signIn(page, "keys");
  const table = page.getByRole("table", { name: "Keys" });
  const rows = table.getByRole("row").filter({ hasText: "table-" });
  await expect(rows).toHaveCount(NAMES.length);

  await page.getByRole("searchbox", { name: "Search keys" }).fill("TABLE-");
  await table.getByRole("button", { name: "Name" }).click();
  await table.getByRole("button", { name: "Name" }).click();
  await expect(table.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await expect(rows.first()).toContainText("table-hotel");
  await page.waitForURL((url) => url.searchParams.get("q") === "TABLE-" && url.searchParams.get("sort") === "-name");

  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const visitor = await browser.newPage({ baseURL: installation.dashboardUrl });
  await governed.signIn(visitor, `keys${new URL(page.url()).search}`);
  const seen = visitor.getByRole("table", { name: "Keys" }).getByRole("row");
  await expect(seen).toHaveCount(NAMES.length + 1);
  await expect(seen.nth(1)).toContainText("table-hotel");
  await visitor.close();

  await page.getByRole("searchbox", { name: "Search keys" }).fill("no such key");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(rows).toHaveCount(NAMES.length);
});

test("a link opens the dialog for a new row, and the menu of a row deletes it", async ({ governed, page }) => {
  await governed.signIn(page, "people?member-new=true");
  const adding = page.getByRole("dialog", { name: "Add member" });
  await expect(adding).toBeVisible();
  await adding.getByRole("button", { name: "Cancel" }).click();
  await expect(adding).toBeHidden();

  await governed.api.post("/teams", { name: "Short-lived" });
  await governed.signIn(page, "people?q=Short-lived");
  await page.getByRole("button", { name: "Actions for Short-lived" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete team" }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(page.getByRole("main")).not.toContainText("Short-lived");
});

test("links lead to all pages of the audit log", async ({ governed, page }) => {
  const { key } = await governed.api.post<{ key: { id: string } }>("/keys", { name: "renamed" });
  // A page has 50 entries; each new name is one.
  for (let turn = 0; turn < 51; turn += 1) await governed.api.patch(`/keys/${key.id}`, { name: `renamed-${turn}` });
  await governed.signIn(page, "audit");
  const first = page
    .getByRole("table", { name: "Audit entries" })
    .getByRole("button", { name: /^Open entry/ })
    .first();
  // Without the time, which is relative to now.
  const newest = (await first.textContent())?.replace(/,.*/, "") ?? "";
  await page.getByRole("link", { name: "Older" }).click();
  await page.waitForURL((url) => url.searchParams.has("cursor"));
  await expect(first).not.toContainText(newest);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(first).toContainText(newest);
});

test("if more rows cannot be loaded, the known rows stay and the page says why", async ({
  governed,
  installation,
  page,
}) => {
  await ask(installation, governed.key, { model: governed.models.openai.model });
  await governed.signIn(page, "requests");
  const rows = page.getByRole("table", { name: "Requests" }).getByRole("row");
  await expect(rows).not.toHaveCount(1);
  const problem = page.getByRole("main").getByRole("alert");
  await page.route("**/requests/feed?*", (route) => route.abort());
  await expect(problem).toContainText("the server cannot be reached");
  await expect(rows).not.toHaveCount(1);
  await page.unroute("**/requests/feed?*");
  await expect(problem).toBeHidden();
});
