import { ask, storyOf } from "../calls.ts";
import { expect, test } from "../journey.ts";
import { newPerson, signUp } from "../pages.ts";

const PAGES = [
  "overview",
  "requests",
  "runs",
  "spend",
  "keys",
  "models",
  "providers",
  "limits",
  "guardrails",
  "people",
  "audit",
  "settings",
];

test("two organisations with the same data cannot see each other on any page", async ({
  governed,
  installation,
  page,
}) => {
  const canary = `canary-${crypto.randomUUID().slice(0, 8)}`;
  const { api, key, models, slug } = governed;
  const { credentialId, upstreamModel } = models.openai;
  await api.post("/teams", { name: `team ${canary}` });
  await api.post("/models", { name: canary, targets: [{ credentialId, upstreamModel }] });
  await api.post("/keys", { name: `key ${canary}` });
  await api.post("/guardrails", { name: `rule ${canary}`, kind: "keyword", patterns: [canary], action: "flag" });
  const called = await ask(installation, key, { model: models.openai.model });
  const { id } = await storyOf(governed, called);

  const stranger = newPerson("Stranger");
  const own = await signUp(page, stranger, "Governed");
  expect(own).not.toBe(slug);

  for (const path of PAGES) {
    await page.goto(`/${own}/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.content(), `own ${path}`).not.toContain(canary);

    const foreign = await page.goto(`/${slug}/${path}`);
    const random = await page.request.get(`/no-such-organisation/${path}`);
    expect([path, foreign?.status()]).toEqual([path, random.status()]);
    const text = await page.content();
    expect(text, `foreign ${path}`).not.toContain(canary);
    expect(text, `foreign ${path}`).not.toContain(credentialId);
  }

  await page.goto(`/${own}/requests?request=${id}`);
  await expect(page.getByRole("dialog")).toContainText("There is no such request.");
});
