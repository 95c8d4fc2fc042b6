import type { ModelPolicy } from "@tollgate/contracts/grant";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { credential, type House, type HouseOptions, model, openHouse, target } from "../house.ts";

export interface OpenAiHouse extends House {
  provider: Provider;
}

/** A proxy whose one model, `small`, is served by an OpenAI target. */
export async function openOpenAiHouse(
  options: HouseOptions = {},
  given: Partial<ModelPolicy> = {},
): Promise<OpenAiHouse> {
  const provider = await startProvider();
  const main = credential(`${provider.url}/v1`);
  const models = [model([target(main.id)], given)];
  const house = await openHouse({ ...options, org: { credentials: [main], models, ...options.org } });
  const { close } = house;
  return Object.assign(house, {
    provider,
    close: async () => {
      await close();
      await provider.close();
    },
  });
}
