import { type Provider, startProvider } from "@tollgate/testkit/provider";
import OpenAI from "openai";
import { credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

export interface AnthropicSetup extends Setup {
  provider: Provider;
  openai: OpenAI;
  /** The provider's nth request as JSON, starting at 1. */
  sent(order?: number): Record<string, unknown>;
}

/** A proxy with one model, `small`, on an Anthropic target. */
export async function openAnthropicSetup(
  upstreamModel = "claude-sonnet-4-6",
  options: SetupOptions = {},
): Promise<AnthropicSetup> {
  const provider = await startProvider();
  const main = credential(`${provider.url}/v1`, { provider: "anthropic" });
  const models = [model([target(main.id, { upstreamModel })])];
  const setup = await openSetup({ ...options, org: { credentials: [main], models, ...options.org } });
  const { close } = setup;
  return Object.assign(setup, {
    provider,
    openai: new OpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key, maxRetries: 0 }),
    sent: (order = 1) => JSON.parse(provider.requests[order - 1]?.body.toString() ?? "null") as Record<string, unknown>,
    close: async () => {
      await close();
      await provider.close();
    },
  });
}
