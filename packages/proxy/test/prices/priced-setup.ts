import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { credential, model, openSetup, type Setup, target } from "../setup.ts";

export interface PricedSetup extends Setup {
  provider: Provider;
  /** Asks for an answer of at most so many tokens; 0 sends no limit. */
  call(outputTokens: number, given?: object): Promise<Response>;
}

type Body = (outputTokens: number, given: object, stream: boolean) => { path: string; body: object };

const bounded = (field: string, tokens: number): object => (tokens > 0 ? { [field]: tokens } : {});
const MESSAGES = [{ role: "user", content: "Hi" }];

/** One call of each surface for chat. */
export const SURFACES: Readonly<Record<string, Body>> = {
  chat: (tokens, given, stream) => ({
    path: "/v1/chat/completions",
    body: { model: "small", messages: MESSAGES, stream, ...bounded("max_completion_tokens", tokens), ...given },
  }),
  responses: (tokens, given, stream) => ({
    path: "/v1/responses",
    body: { model: "small", input: "Hi", stream, ...bounded("max_output_tokens", tokens), ...given },
  }),
  messages: (tokens, given, stream) => ({
    path: "/v1/messages",
    body: { model: "small", messages: MESSAGES, stream, ...bounded("max_tokens", tokens), ...given },
  }),
  google: (tokens, given, stream) => ({
    path: `/v1beta/models/small:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: {
      contents: [{ role: "user", parts: [{ text: "Hi" }] }],
      generationConfig: bounded("maxOutputTokens", tokens),
      ...given,
    },
  }),
};

const PREFIXES: Readonly<Record<string, string>> = { google: "/v1beta", bedrock: "" };

/** A proxy with one model, `small`, at one provider, called through one surface. */
export async function openPriced(
  surface: string,
  providerId: string,
  upstreamModel: string,
  stream = false,
): Promise<PricedSetup> {
  const provider = await startProvider();
  const main = credential(provider.url + (PREFIXES[providerId] ?? "/v1"), { provider: providerId });
  const setup = await openSetup({
    settings: { bodyBytesMax: 32 * 1024 * 1024 },
    org: { credentials: [main], models: [model([target(main.id, { upstreamModel })])] },
  });
  const { close } = setup;
  const build = SURFACES[surface] as Body;
  return Object.assign(setup, {
    provider,
    call(tokens: number, given: object = {}) {
      const { path, body } = build(tokens, given, stream);
      return setup.postTo(path, body);
    },
    async close() {
      await close();
      await provider.close();
    },
  });
}
