import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, reset, status } from "@tollgate/testkit/provider-behaviour";
import { ask, newModel, storyOf } from "../calls.ts";
import { expect, test } from "../journey.ts";

const failures: Record<string, (broken: Provider) => unknown> = {
  "answers 500": (broken) => broken.scriptModel("gpt-4o", status(500)),
  "resets connections": (broken) => broken.scriptModel("gpt-4o", reset()),
  "refuses connections": (broken) => broken.refuse(),
};

for (const [how, fail] of Object.entries(failures)) {
  test(`when the first target ${how}, the second answers`, async ({ governed, installation, page }) => {
    const { api, key, models, signIn } = governed;
    const broken = await startProvider();
    await fail(broken);
    const credential = { name: `broken: ${how}`, provider: "openai", baseUrl: `${broken.url}/v1`, secret: "sk-broken" };
    const { id: credentialId } = await api.post<{ id: string }>("/credentials", credential);
    const model = await newModel(governed, installation, {
      targets: [
        { credentialId, upstreamModel: "gpt-4o", priority: 0 },
        { credentialId: models.openai.credentialId, upstreamModel: "gpt-4o-mini", priority: 1 },
      ],
    });
    const response = await ask(installation, key, { model });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-tollgate-model")).toBe("gpt-4o-mini");

    const { id, attempts } = await storyOf(governed, response);
    expect(attempts[0]).toMatchObject({ upstreamModel: "gpt-4o", error: "upstream_error" });
    expect(attempts.at(-1)).toMatchObject({ upstreamModel: "gpt-4o-mini", status: 200, error: null });

    await signIn(page, `requests?request=${id}`);
    const drawer = page.getByRole("dialog");
    await expect(drawer.getByText("gpt-4o", { exact: true }).first()).toBeVisible();
    await expect(drawer.getByText("gpt-4o-mini", { exact: true }).first()).toBeVisible();
    await broken.close();
  });
}

test("a cached answer costs nothing, and its headers say that it is cached", async ({
  governed,
  installation,
  provider,
}) => {
  const { key, models } = governed;
  provider.scriptModel("gpt-4o-mini", answer({ text: "Forty-two.", usage: { input: 1_000, output: 500 } }));
  const { credentialId } = models.openai;
  const model = await newModel(governed, installation, {
    targets: [{ credentialId, upstreamModel: "gpt-4o-mini" }],
    cacheTtlSeconds: 300,
  });
  const asked = { model, content: "What is the answer?" };
  const first = await ask(installation, key, asked);
  expect([first.headers.get("x-tollgate-cache"), first.headers.get("x-tollgate-cost-usd")]).toEqual([
    "miss",
    "0.00045",
  ]);
  const before = provider.requests.length;
  const repeat = await ask(installation, key, asked);
  expect([repeat.headers.get("x-tollgate-cache"), repeat.headers.get("x-tollgate-cost-usd")]).toEqual(["hit", "0"]);
  expect((await repeat.json()).choices[0].message.content).toBe("Forty-two.");
  expect(provider.requests.length).toBe(before);
  expect(await storyOf(governed, repeat)).toMatchObject({ cache: "hit", costUsd: "0" });
});
