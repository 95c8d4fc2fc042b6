import { maxOutputTokensOf } from "./output-limits.ts";
import { priceFor } from "./price.ts";
import { type LibraryModel, libraryModels, namedModel } from "./price-library.ts";
import { providerById } from "./providers.ts";

/** Facts about a provider's model. Null is unknown, not zero. */
export interface KnownModel {
  provider: string;
  /** The provider's name for the model. */
  id: string;
  /** Display name. */
  name: string;
  contextWindow: number | null;
  maxOutputTokens: number | null;
  inputPerMillionUsd: number | null;
  outputPerMillionUsd: number | null;
}

function known(provider: string, id: string, model: LibraryModel | null, atMs: number): KnownModel {
  const price = priceFor({ provider, upstreamModel: id, atMs });
  return {
    provider,
    id,
    name: model?.name ?? id,
    contextWindow: model?.context_window ?? null,
    maxOutputTokens: maxOutputTokensOf(id),
    inputPerMillionUsd: price?.inputPerMillionUsd ?? null,
    outputPerMillionUsd: price?.outputPerMillionUsd ?? null,
  };
}

/** The models that a provider serves with a known price, without deprecated ones, sorted by id. Prices as of `atMs`. */
export function knownModels(provider: string, atMs: number): KnownModel[] {
  const libraryId = providerById(provider)?.priceProviderId;
  if (!libraryId) return [];
  return [...libraryModels(libraryId)]
    .filter(([, model]) => !model.deprecated)
    .map(([id, model]) => known(provider, id, model, atMs))
    .filter((model) => model.inputPerMillionUsd !== null)
    .sort((a, b) => a.id.localeCompare(b.id));
}

/** Also finds dated names (`gpt-4o-mini-2024-07-18`). The result is never null; its unknown facts are. */
export function knownModel(provider: string, upstreamModel: string, atMs: number): KnownModel {
  const libraryId = providerById(provider)?.priceProviderId;
  return known(provider, upstreamModel, libraryId ? namedModel(libraryId, upstreamModel) : null, atMs);
}
