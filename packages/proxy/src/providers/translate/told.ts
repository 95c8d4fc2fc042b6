import type { SharedV4ProviderMetadata } from "@ai-sdk/provider";
import type { UsageReport } from "../../wires/answer-report.ts";
import { withTold } from "../../wires/told.ts";
import { isBlock } from "../../wires/usage/counts.ts";
import { readUsage } from "../../wires/usage/read-usage.ts";
import { usageCap } from "../../wires/usage/usage-cap.ts";
import type { AdapterCall } from "../adapter.ts";

/** What a response says besides its usage, such as the model and the tier, with OpenAI's names of the fields. */
export class Told {
  readonly #call: AdapterCall;
  #fields: Readonly<Record<string, unknown>> = {};

  constructor(call: AdapterCall) {
    this.#call = call;
  }

  /** A whole response. */
  response(response: { body?: unknown; modelId?: string } | undefined): void {
    this.#fields = isBlock(response?.body) ? response.body : { model: response?.modelId };
  }

  model(model: string | undefined): void {
    this.#fields = { ...this.#fields, model };
  }

  /** Not every chunk of a stream names the tier and the model. */
  chunk(chunk: unknown): void {
    if (!isBlock(chunk)) return;
    if (chunk.service_tier) this.#fields = { ...this.#fields, service_tier: chunk.service_tier };
    if (chunk.modelVersion) this.#fields = { ...this.#fields, modelVersion: chunk.modelVersion };
  }

  /** Provider packages report the tier in the metadata of a result. */
  metadata(metadata: SharedV4ProviderMetadata | undefined): void {
    for (const { serviceTier, performanceConfig } of Object.values(metadata ?? {})) {
      if (serviceTier) this.#fields = { service_tier: serviceTier, ...this.#fields };
      if (performanceConfig) this.#fields = { performanceConfig, ...this.#fields };
    }
  }

  /** Reads usage, with what the response has told so far. */
  usage(usage: unknown): UsageReport | null {
    const { read, told } = this.#call.wire.usage;
    const report = readUsage(read, usage, usageCap(this.#call));
    return told && isBlock(usage) ? withTold(report, told(usage, this.#fields)) : report;
  }
}
