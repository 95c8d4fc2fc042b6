import path from "node:path";
import { ask } from "../calls.ts";
import { govern } from "../governed.ts";
import { writeHistory } from "../history.ts";
import { expect, test } from "../journey.ts";

const root = path.join(import.meta.dirname, "../..");
/** Pictures in the repository change only on request, because no two runs give identical pictures. */
const pictures = path.resolve(root, process.env.E2E_PICTURES ?? ".data/test/pictures");

test("the pictures of the README", async ({ browser, installation, page, provider }) => {
  const northwind = await govern(browser, installation, provider.url, "Northwind");
  const { api, models, signIn } = northwind;
  const ids = (noun: string, names: string[], more: (index: number) => object = () => ({})): Promise<string[]> =>
    Promise.all(
      names.map(async (name, index) => {
        const made = await api.post<{ id?: string; key?: { id: string } }>(noun, { name, ...more(index) });
        return made.id ?? made.key?.id ?? "";
      }),
    );
  const teams = await ids("/teams", ["Search", "Support", "Research"]);
  await ids("/keys", ["search-backend", "support-bot", "notebooks"], (index) => ({ teamId: teams[index] }));
  await ids("/models", ["gpt-4o", "gpt-4.1-mini"], (index) => ({
    targets: [{ credentialId: models.openai.credentialId, upstreamModel: ["gpt-4o", "gpt-4.1-mini"][index] }],
  }));
  const month = { unit: "usd", window: "month", mode: "block" };
  await api.post("/limits", { scope: "organisation", amount: "60", ...month });
  await api.post("/limits", { scope: "team", subject: teams[0], amount: "20", ...month });
  await api.post("/limits", { scope: "team", subject: teams[1], amount: "12", ...month });
  await writeHistory(api, process.env.E2E_INGEST_URL ?? "", 48);
  for (const { model } of Object.values(models)) await ask(installation, northwind.key, { model });

  await page.setViewportSize({ width: 1440, height: 900 });
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await signIn(page, "overview");
    await expect(page.getByRole("main").getByText("search-backend").first()).toBeVisible();
    await page.waitForLoadState("networkidle");
    const file = path.join(pictures, scheme === "light" ? "overview.png" : "overview-dark.png");
    await page.screenshot({ path: file, animations: "disabled" });
  }
});
