import type { ModelPolicy } from "@tollgate/contracts/grant";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import OpenAI from "openai";
import { credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

export interface ResponsesSetup extends Setup {
  provider: Provider;
  openai: OpenAI;
  /** Posts a body to `/v1/responses`. */
  respond(body: object, headers?: Record<string, string>): Promise<Response>;
  /** The provider's last request as JSON. */
  sent(): Record<string, unknown>;
}

interface Served {
  /** Default: OpenAI, which serves the API itself. */
  provider?: string;
  upstreamModel?: string;
  options?: SetupOptions;
  model?: Partial<ModelPolicy>;
}

/** A proxy with one model, `small`, at one provider, and OpenAI's client in front of it. */
export async function openResponsesSetup(given: Served = {}): Promise<ResponsesSetup> {
  const { provider: providerId = "openai", upstreamModel = "gpt-4o-mini", options = {} } = given;
  const provider = await startProvider();
  const main = credential(`${provider.url}/v1`, { provider: providerId });
  const models = [model([target(main.id, { upstreamModel })], given.model)];
  const setup = await openSetup({ ...options, org: { credentials: [main], models, ...options.org } });
  const { close } = setup;
  return Object.assign(setup, {
    provider,
    openai: new OpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key, maxRetries: 0 }),
    respond: (body: object, headers = {}) =>
      fetch(`${setup.url}/v1/responses`, {
        method: "POST",
        headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json", ...headers },
        body: JSON.stringify({ model: "small", ...body }),
      }),
    sent: () => JSON.parse(provider.requests.at(-1)?.body.toString() ?? "null") as Record<string, unknown>,
    close: async () => {
      await close();
      await provider.close();
    },
  });
}

/** An event stream of these events, numbered and named as OpenAI does. */
export const events = (...list: { type: string; [field: string]: unknown }[]): string =>
  list
    .map((event, sequence_number) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`)
    .join("");

/** A response object with these fields. */
export const response = (fields: object = {}): object => ({
  ...{ id: "resp_1", object: "response", created_at: 1, model: "gpt-4o-mini", status: "completed", error: null },
  ...{ incomplete_details: null, output: [], previous_response_id: null, tools: [], tool_choice: "auto" },
  usage: {
    ...{ input_tokens: 30, output_tokens: 20, total_tokens: 50 },
    ...{ input_tokens_details: { cached_tokens: 10 }, output_tokens_details: { reasoning_tokens: 5 } },
  },
  ...fields,
});
