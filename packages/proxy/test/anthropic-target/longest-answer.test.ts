import { anthropicModelCatalog, getModelCapabilities } from "@ai-sdk/anthropic/internal";
import { maxOutputTokensOf } from "@tollgate/catalog/output-limits";
import { expect, it } from "vitest";

// Without a bound of the caller's the AI SDK sends the model's own, and the hold was made for the catalogue's.
it.each(Object.keys(anthropicModelCatalog))("%s: what is sent for want of a bound is within what was held", (model) => {
  expect(getModelCapabilities(model).maxOutputTokens).toBeLessThanOrEqual(maxOutputTokensOf(model) ?? 0);
});
