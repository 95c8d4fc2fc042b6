import type { ModelPolicy } from "@tollgate/contracts/grant";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

export interface OpenAiSetup extends Setup {
  provider: Provider;
}

/** A proxy with one model, `small`, on an OpenAI target. */
export async function openOpenAiSetup(
  options: SetupOptions = {},
  given: Partial<ModelPolicy> = {},
): Promise<OpenAiSetup> {
  const provider = await startProvider();
  const main = credential(`${provider.url}/v1`);
  const models = [model([target(main.id)], given)];
  const setup = await openSetup({ ...options, org: { credentials: [main], models, ...options.org } });
  const { close } = setup;
  return Object.assign(setup, {
    provider,
    close: async () => {
      await close();
      await provider.close();
    },
  });
}
