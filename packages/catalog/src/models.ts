/** What is known of a provider's model. Absent numbers are unknown, not zero. */
export interface KnownModel {
  provider: string;
  id: string;
  name: string;
  contextWindow: number | null;
  maxOutputTokens: number | null;
  inputPerMillionUsd: number | null;
  outputPerMillionUsd: number | null;
}

/** Models one provider is known to serve, by id. */
export declare function knownModels(provider: string): readonly KnownModel[];

/** Resolves dated names too (`gpt-4o-mini-2024-07-18`). */
export declare function knownModel(provider: string, upstreamModel: string): KnownModel | null;
