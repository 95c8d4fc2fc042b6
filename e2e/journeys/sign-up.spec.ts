import { expect, test } from "../journey.ts";
import { newPerson, signIn, signUp } from "../pages.ts";

test("signing up with an existing address does not reveal the account, and its password still works", async ({
  browser,
  installation,
  page,
}) => {
  const ada = newPerson("Ada");
  const slug = await signUp(page, ada, "First Come");
  const stranger = await browser.newPage({ baseURL: installation.dashboardUrl });
  await stranger.goto("/sign-up");
  await stranger.getByLabel("Organisation").fill("Second Come");
  await stranger.getByLabel("Your name").fill("Eve");
  await stranger.getByLabel("E-mail").fill(ada.email);
  await stranger.getByLabel("Password").fill("another long password");
  await stranger.getByRole("button", { name: "Create organisation" }).click();
  await expect(stranger.getByRole("alert").first()).toContainText("The e-mail address or the password is wrong.");
  await signIn(stranger, ada);
  expect(new URL(stranger.url()).pathname).toBe(`/${slug}/overview`);
  await stranger.close();
});

test("the session cookie ends with the session, and signing in and out is in the audit log", async ({ page }) => {
  const ada = newPerson("Ada");
  const slug = await signUp(page, ada, "Comings");
  const session = (await page.context().cookies()).find(({ name }) => name.endsWith("tollgate.session"));
  const days = ((session?.expires ?? 0) - Date.now() / 1000) / 86_400;
  expect(Math.round(days * 10) / 10).toBe(14);
  await page.getByRole("button", { name: "Account: Ada" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  await signIn(page, ada);
  await page.goto(`/${slug}/audit`);
  const log = page.getByRole("table");
  for (const action of ["people.sign-out", "people.sign-in", "organisation.create"])
    await expect(log.getByText(action, { exact: true }).first()).toBeVisible();
});
