import type { Browser, Page } from "@playwright/test";
import { type AdminApi, adminApi } from "./admin-api.ts";
import type { Ready } from "./installation.ts";
import { createToken, newPerson, signUp } from "./pages.ts";
import { untilKnown } from "./until-known.ts";

/** An organisation for journeys that do not test its creation: signed up in the browser, filled through the admin API. */
export interface Governed {
  api: AdminApi;
  slug: string;
  /** Key that may call every model. */
  key: string;
  /** One model for each API format, both at one fake provider. */
  models: Record<Dialect, { model: string; upstreamModel: string; credentialId: string }>;
  /** Opens a page of the organisation (`requests?status=error`) as its owner. */
  signIn(page: Page, path: string): Promise<void>;
}

type Dialect = "openai" | "anthropic";

const PROVIDERS: Record<Dialect, { name: string; upstreamModel: string }> = {
  openai: { name: "OpenAI", upstreamModel: "gpt-4o-mini" },
  anthropic: { name: "Anthropic", upstreamModel: "claude-sonnet-4-5" },
};

export async function govern(
  browser: Browser,
  { dashboardUrl, proxyUrl }: Ready,
  providerUrl: string,
  organisation: string,
): Promise<Governed> {
  const page = await browser.newPage({ baseURL: dashboardUrl });
  const slug = await signUp(page, newPerson("Olga"), organisation);
  const api = adminApi(dashboardUrl, await createToken(page, "journeys"));
  const cookies = await page.context().cookies();
  await page.close();

  const addModel = async (provider: Dialect) => {
    const { name, upstreamModel } = PROVIDERS[provider];
    const credential = { name, provider, baseUrl: `${providerUrl}/v1`, secret: `sk-${provider}-fake` };
    const { id: credentialId } = await api.post<{ id: string }>("/credentials", credential);
    await api.post("/models", { name: upstreamModel, targets: [{ credentialId, upstreamModel }] });
    return { model: upstreamModel, upstreamModel, credentialId };
  };
  const models = { openai: await addModel("openai"), anthropic: await addModel("anthropic") };
  const { secret: key } = await api.post<{ secret: string }>("/keys", { name: "all-models" });
  for (const { model } of Object.values(models)) await untilKnown(proxyUrl, key, model);
  return {
    api,
    slug,
    key,
    models,
    signIn: async (visitor, path) => {
      await visitor.context().addCookies(cookies);
      await visitor.goto(`/${slug}/${path}`);
    },
  };
}
