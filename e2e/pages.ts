import { expect, type Locator, type Page } from "@playwright/test";

/** Actions of people on the dashboard's pages, by the labels that they see. */

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** An e-mail address that no other journey uses, because journeys share an installation. */
export const newPerson = (name: string): Person => ({
  name,
  email: `${name.toLowerCase()}-${crypto.randomUUID().slice(0, 8)}@example.test`,
  password: "correct horse battery staple",
});

/** Signs up with a new organisation and returns its slug. */
export async function signUp(page: Page, person: Person, organisation: string): Promise<string> {
  await page.goto("/sign-up");
  await page.getByLabel("Organisation").fill(organisation);
  await page.getByLabel("Your name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Create organisation" }).click();
  await page.waitForURL(/\/[^/]+\/overview$/);
  return new URL(page.url()).pathname.split("/")[1] ?? "";
}

export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/[^/]+\/overview$/);
}

export async function openPage(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

export async function choose(within: Page | Locator, label: string, option: string): Promise<void> {
  const page = "page" in within ? within.page() : within;
  await within.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option }).first().click();
}

/** Opens a page's dialog, fills it with `fill`, submits it, and waits until it closes. */
async function submit(page: Page, button: string, fill: (dialog: Locator) => Promise<void>): Promise<void> {
  await page.getByRole("main").getByRole("button", { name: button }).first().click();
  const dialog = page.getByRole("dialog");
  await fill(dialog);
  await dialog.getByRole("button", { name: button, exact: true }).click();
  await expect(dialog).toBeHidden();
}

export async function addProvider(
  page: Page,
  given: { provider: string; name: string; baseUrl: string; secret: string },
): Promise<void> {
  await openPage(page, "Providers");
  await submit(page, "Add provider", async (dialog) => {
    await choose(dialog, "Provider", given.provider);
    await dialog.getByLabel("Name").fill(given.name);
    await dialog.getByLabel("Base URL").fill(given.baseUrl);
    await dialog.getByLabel("API key").fill(given.secret);
  });
  await expect(page.getByRole("table").getByText(given.name, { exact: true })).toBeVisible();
}

export async function addModel(page: Page, given: { name: string; upstreamModel: string }): Promise<void> {
  await openPage(page, "Models");
  await submit(page, "Add model", async (dialog) => {
    await dialog.getByLabel("Name").fill(given.name);
    await dialog.getByLabel("Upstream model").fill(given.upstreamModel);
  });
  await expect(page.getByRole("table").getByText(given.name, { exact: true }).first()).toBeVisible();
}

/** Creates a key and returns its secret, which the page shows once. */
export async function createKey(
  page: Page,
  given: { name: string; team?: string; models?: string[] },
): Promise<string> {
  await openPage(page, "Keys");
  await page.getByRole("main").getByRole("button", { name: "Create key" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(given.name);
  if (given.team) await choose(dialog, "Team", given.team);
  if (given.models) {
    await choose(dialog, "Models", "Only these");
    for (const model of given.models) {
      await dialog.getByLabel("Allowed models").fill(model);
      await dialog.getByLabel("Allowed models").press("Tab");
    }
  }
  await dialog.getByRole("button", { name: "Create key" }).click();
  const secret = await dialog.getByRole("status", { name: "Virtual key" }).textContent();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  // The URL changes a moment later. Reloaded before that, the page would open the dialog again.
  await page.waitForURL((url) => !url.searchParams.has("new"));
  return (secret ?? "").trim();
}

export async function revokeKey(page: Page, name: string): Promise<void> {
  await openPage(page, "Keys");
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await expect(dialog).toBeHidden();
}

export async function createToken(page: Page, name: string): Promise<string> {
  await openPage(page, "Settings");
  await page.getByRole("main").getByRole("button", { name: "Create token" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create token" }).click();
  const secret = await dialog.getByRole("status", { name: "Admin token" }).textContent();
  await dialog.getByRole("button", { name: "Done" }).click();
  return (secret ?? "").trim();
}

export async function createTeam(page: Page, name: string): Promise<void> {
  await openPage(page, "People");
  await submit(page, "Create team", (dialog) => dialog.getByLabel("Name").fill(name));
  await expect(page.getByRole("main").getByText(name, { exact: true }).first()).toBeVisible();
}

/** A limit in dollars. Without a subject it is the organisation's. */
export async function setLimit(
  page: Page,
  given: { scope?: "Team" | "Key"; subject?: string; amount: string; window: string },
): Promise<void> {
  await openPage(page, "Limits");
  await submit(page, "Set limit", async (dialog) => {
    if (given.scope && given.subject) {
      await choose(dialog, "Scope", given.scope);
      await choose(dialog, given.scope, given.subject);
    }
    await dialog.getByLabel("Amount").fill(given.amount);
    await choose(dialog, "Window", given.window);
  });
}
