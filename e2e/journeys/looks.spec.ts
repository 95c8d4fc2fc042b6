import AxeBuilder from "@axe-core/playwright";
import { ask } from "../calls.ts";
import { expect, test } from "../journey.ts";

const PAGES = [
  "overview",
  "requests",
  "spend",
  "keys",
  "models",
  "providers",
  "limits",
  "guardrails",
  "people",
  "audit",
];

test.beforeAll(async ({ governed, house }) => {
  for (const { model } of Object.values(governed.models)) await ask(house, governed.key, { model });
});

for (const path of PAGES) {
  for (const scheme of ["light", "dark"] as const) {
    test(`${path} in ${scheme} has nothing axe objects to`, async ({ governed, page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await governed.signIn(page, path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    });
  }

  test(`${path} fits a telephone`, async ({ governed, page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await governed.signIn(page, path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
}
