import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import OpenAI from "openai";
import { credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

export const CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
export const NOVA = "us.amazon.nova-pro-v1:0";

export interface BedrockSetup extends Setup {
  provider: Provider;
  openai: OpenAI;
  anthropic: Anthropic;
  google: GoogleGenAI;
  /** The provider's nth request as JSON, starting at 1. */
  sent(order?: number): Record<string, unknown>;
}

/** A proxy with one model, `small`, on a Bedrock target with an API key. */
export async function openBedrockSetup(upstreamModel = CLAUDE, options: SetupOptions = {}): Promise<BedrockSetup> {
  const provider = await startProvider();
  const main = credential(provider.url, { provider: "bedrock" });
  const models = [model([target(main.id, { upstreamModel })])];
  const setup = await openSetup({ ...options, org: { credentials: [main], models, ...options.org } });
  const { close } = setup;
  return Object.assign(setup, {
    provider,
    openai: new OpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key, maxRetries: 0 }),
    anthropic: new Anthropic({ baseURL: setup.url, apiKey: setup.key, maxRetries: 0 }),
    google: new GoogleGenAI({ apiKey: setup.key, httpOptions: { baseUrl: setup.url } }),
    sent: (order = 1) => JSON.parse(provider.requests[order - 1]?.body.toString() ?? "null") as Record<string, unknown>,
    close: async () => {
      await close();
      await provider.close();
    },
  });
}
