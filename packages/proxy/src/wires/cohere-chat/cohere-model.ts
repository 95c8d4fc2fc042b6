import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4GenerateResult,
  type LanguageModelV4StreamResult,
} from "@ai-sdk/provider";
import type { ModelSettings } from "../codec.ts";
import { type Fields, isFields, isString } from "../fields.ts";
import { contentOf, endOf, usageOf } from "./content.ts";
import { requestOf } from "./request.ts";
import { partsOf } from "./stream-parts.ts";

/**
 * Cohere's chat as a model of the AI SDK. The AI SDK's own package loses plans, citations of streams and texts beside calls,
 * and sends documents as broken texts.
 */
export class CohereModel implements LanguageModelV4 {
  readonly specificationVersion = "v4";
  readonly provider = "cohere";
  readonly supportedUrls = {};
  readonly modelId: string;
  readonly #settings: ModelSettings;

  constructor(settings: ModelSettings) {
    this.modelId = settings.upstreamModel;
    this.#settings = settings;
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const response = await this.#post(options, false);
    const body = await response.text();
    const answer = parsed(body);
    if (!answer || !isFields(answer.message)) throw this.#error(response, body, "not a chat response");
    const { id, message, finish_reason: reason, usage } = answer;
    return {
      content: contentOf(message),
      finishReason: endOf(reason),
      usage: usageOf(usage),
      response: { body: answer, ...(isString(id) && { id }) },
      warnings: [],
    };
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const response = await this.#post(options, true);
    const { body } = response;
    if (!body) throw this.#error(response, "", "no body");
    return { stream: streamOf(partsOf(body)) };
  }

  async #post(options: LanguageModelV4CallOptions, stream: boolean): Promise<Response> {
    const { fetch } = this.#settings;
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: stream ? "text/event-stream" : "application/json" },
      body: JSON.stringify(requestOf(this.modelId, options, stream)),
      ...(options.abortSignal && { signal: options.abortSignal }),
    });
    if (!response.ok) throw this.#error(response, await response.text(), "refused");
    return response;
  }

  get #url(): string {
    const { baseUrl, serving } = this.#settings;
    return baseUrl + serving.path;
  }

  #error({ status: statusCode, headers }: Response, responseBody: string, message: string): APICallError {
    const responseHeaders = Object.fromEntries(headers);
    return new APICallError({
      ...{ message, statusCode, responseHeaders, responseBody },
      url: this.#url,
      requestBodyValues: {},
    });
  }
}

function streamOf(parts: ReturnType<typeof partsOf>): LanguageModelV4StreamResult["stream"] {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return();
    },
  });
}

function parsed(body: string): Fields | null {
  try {
    const json: unknown = JSON.parse(body);
    return isFields(json) ? json : null;
  } catch {
    return null;
  }
}
