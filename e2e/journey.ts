import { readFile } from "node:fs/promises";
import { test as base } from "@playwright/test";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { type Governed, govern } from "./governed.ts";
import type { Ready } from "./installation.ts";

export { expect } from "@playwright/test";

/** Fixtures that the journeys of one worker share. */
export interface Shared {
  installation: Ready;
  provider: Provider;
  governed: Governed;
}

export const test = base.extend<object, Shared>({
  baseURL: async ({ installation }, use) => use(installation.dashboardUrl),

  installation: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use) => use(JSON.parse(await readFile(process.env.E2E_READY ?? "", "utf8"))),
    { scope: "worker" },
  ],

  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use) => {
      const provider = await startProvider();
      await use(provider);
      await provider.close();
    },
    { scope: "worker" },
  ],

  governed: [
    async ({ browser, installation, provider }, use) =>
      use(await govern(browser, installation, provider.url, "Governed")),
    { scope: "worker" },
  ],
});
