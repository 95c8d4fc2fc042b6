import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { type ModelSettings, UNSIGNED } from "../codec.ts";
import { amended } from "./amend-request.ts";
import { withWholeFrames } from "./converse-fetch.ts";

/** The AI SDK's model, with what its requests leave out and its reader of streams does not check. */
export class ConverseModel implements LanguageModelV4 {
  readonly specificationVersion = "v4";
  readonly provider = "amazon-bedrock";
  readonly supportedUrls = {};
  readonly modelId: string;
  readonly #settings: ModelSettings;

  constructor(settings: ModelSettings) {
    this.modelId = settings.upstreamModel;
    this.#settings = settings;
  }

  doGenerate(options: LanguageModelV4CallOptions) {
    return this.#model(options).doGenerate(options);
  }

  doStream(options: LanguageModelV4CallOptions) {
    return this.#model(options).doStream(options);
  }

  #model(options: LanguageModelV4CallOptions): LanguageModelV4 {
    const { baseUrl, fetch } = this.#settings;
    const sends = amended(withWholeFrames(fetch), options, this.modelId);
    const settings = { baseURL: baseUrl, apiKey: UNSIGNED, fetch: sends };
    return createAmazonBedrock(settings)(this.modelId);
  }
}
