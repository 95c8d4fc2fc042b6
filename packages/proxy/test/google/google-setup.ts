import { GoogleGenAI } from "@google/genai";
import type { ModelPolicy } from "@tollgate/contracts/grant";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

export interface GoogleSetup extends Setup {
  provider: Provider;
  google: GoogleGenAI;
  /** The provider's nth request as JSON, starting at 1. */
  sent(order?: number): Record<string, unknown>;
  /** Asks for an answer, as bytes. */
  generate(given?: Record<string, unknown>, headers?: Record<string, string>): Promise<Response>;
  /** The same as a stream: as events, or as one array. */
  stream(given?: Record<string, unknown>, alt?: "sse" | "json"): Promise<Response>;
}

const UPSTREAM = {
  google: { model: "gemini-2.5-flash", path: "/v1beta" },
  anthropic: { model: "claude-sonnet-4-6", path: "/v1" },
  openai: { model: "gpt-4o-mini", path: "/v1" },
  "openai-compatible": { model: "own-model", path: "/v1" },
} as const;

/** A proxy with one model, `small`, on a target of this provider, and Google's SDK as its client. */
export async function openGoogleSetup(
  providerId: keyof typeof UPSTREAM = "google",
  options: SetupOptions = {},
  given: Partial<ModelPolicy> = {},
  upstreamModel: string = UPSTREAM[providerId].model,
): Promise<GoogleSetup> {
  const provider = await startProvider();
  const main = credential(provider.url + UPSTREAM[providerId].path, { provider: providerId });
  const models = [model([target(main.id, { upstreamModel })], given)];
  const setup = await openSetup({ ...options, org: { credentials: [main], models, ...options.org } });
  const { close } = setup;
  return Object.assign(setup, {
    provider,
    google: new GoogleGenAI({ apiKey: setup.key, httpOptions: { baseUrl: setup.url } }),
    sent: (order = 1) => JSON.parse(provider.requests[order - 1]?.body.toString() ?? "null") as Record<string, unknown>,
    generate: (given: Record<string, unknown> = {}, headers?: Record<string, string>) =>
      setup.postTo("/v1beta/models/small:generateContent", ask(given), headers),
    stream: (given: Record<string, unknown> = {}, alt: "sse" | "json" = "sse") =>
      setup.postTo(`/v1beta/models/small:streamGenerateContent${alt === "sse" ? "?alt=sse" : ""}`, ask(given)),
    close: async () => {
      await close();
      await provider.close();
    },
  });
}

export const ask = (given: Record<string, unknown> = {}) => ({
  contents: [{ role: "user", parts: [{ text: "Hello there" }] }],
  ...given,
});
