import { anthropicModelCatalog, getModelCapabilities } from "@ai-sdk/anthropic/internal";
import { maxOutputTokensOf } from "@tollgate/catalog/output-limits";
import { expect, it } from "vitest";

// Without a bound from the caller, the AI SDK sends the model's own, and the hold used the catalogue's.
it.each(Object.keys(anthropicModelCatalog))(
  "%s: without a bound in the request, the sent bound is not above the hold",
  (model) => {
    expect(getModelCapabilities(model).maxOutputTokens).toBeLessThanOrEqual(maxOutputTokensOf(model) ?? 0);
  },
);
