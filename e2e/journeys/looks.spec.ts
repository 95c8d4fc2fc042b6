import AxeBuilder from "@axe-core/playwright";
import { ask } from "../calls.ts";
import { expect, test } from "../journey.ts";

const PAGES = [
  "overview",
  "requests",
  "runs",
  "batches",
  "spend",
  "keys",
  "models",
  "providers",
  "limits",
  "alerts",
  "guardrails",
  "people",
  "audit",
  "settings",
];

test.beforeAll(async ({ governed, installation }) => {
  for (const { model } of Object.values(governed.models)) await ask(installation, governed.key, { model });
});

for (const path of PAGES) {
  test(`${path} has no axe violations in light and dark mode, and fits a phone`, async ({ governed, page }) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await governed.signIn(page, path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const objections = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      expect(objections, colorScheme).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
}
