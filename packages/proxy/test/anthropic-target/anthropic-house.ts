import { type Provider, startProvider } from "@tollgate/testkit/provider";
import OpenAI from "openai";
import { credential, type House, type HouseOptions, model, openHouse, target } from "../house.ts";

export interface AnthropicHouse extends House {
  provider: Provider;
  openai: OpenAI;
  /** The nth request the provider saw, from 1, as JSON. */
  sent(order?: number): Record<string, unknown>;
}

/** A proxy whose one model, `small`, is served by an Anthropic target. */
export async function openAnthropicHouse(
  upstreamModel = "claude-sonnet-4-6",
  options: HouseOptions = {},
): Promise<AnthropicHouse> {
  const provider = await startProvider();
  const main = credential(`${provider.url}/v1`, { provider: "anthropic" });
  const models = [model([target(main.id, { upstreamModel })])];
  const house = await openHouse({ ...options, org: { credentials: [main], models, ...options.org } });
  const { close } = house;
  return Object.assign(house, {
    provider,
    openai: new OpenAI({ baseURL: `${house.url}/v1`, apiKey: house.key, maxRetries: 0 }),
    sent: (order = 1) => JSON.parse(provider.requests[order - 1]?.body.toString() ?? "null") as Record<string, unknown>,
    close: async () => {
      await close();
      await provider.close();
    },
  });
}
