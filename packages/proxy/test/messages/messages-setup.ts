import Anthropic from "@anthropic-ai/sdk";
import type { ModelPolicy } from "@tollgate/contracts/grant";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

export interface MessagesSetup extends Setup {
  provider: Provider;
  anthropic: Anthropic;
  /** The provider's nth request as JSON, starting at 1. */
  sent(order?: number): Record<string, unknown>;
  /** Sends a message, as bytes. */
  say(given?: Record<string, unknown>, headers?: Record<string, string>): Promise<Response>;
}

const UPSTREAM = {
  anthropic: "claude-sonnet-4-6",
  openai: "gpt-4o-mini",
  "anthropic-compatible": "own-model",
} as const;

/** A proxy with one model, `small`, on a target of this provider, and Anthropic's SDK as its client. */
export async function openMessagesSetup(
  providerId: keyof typeof UPSTREAM = "anthropic",
  options: SetupOptions = {},
  given: Partial<ModelPolicy> = {},
): Promise<MessagesSetup> {
  const provider = await startProvider();
  const main = credential(`${provider.url}/v1`, { provider: providerId });
  const models = [model([target(main.id, { upstreamModel: UPSTREAM[providerId] })], given)];
  const setup = await openSetup({ ...options, org: { credentials: [main], models, ...options.org } });
  const { close } = setup;
  return Object.assign(setup, {
    provider,
    anthropic: new Anthropic({ baseURL: setup.url, apiKey: setup.key, maxRetries: 0 }),
    sent: (order = 1) => JSON.parse(provider.requests[order - 1]?.body.toString() ?? "null") as Record<string, unknown>,
    say: (given: Record<string, unknown> = {}, headers?: Record<string, string>) =>
      setup.postTo("/v1/messages", say(given), headers),
    close: async () => {
      await close();
      await provider.close();
    },
  });
}

export const say = (given: Record<string, unknown> = {}) => ({
  model: "small",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello there" }],
  ...given,
});
