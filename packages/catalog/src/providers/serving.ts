/** How a provider serves one wire. */
export interface Serving {
  /** Appended to the base URL. */
  path: string;
  /** `ask` (default): a stream reports usage if the request asks for it. `always`: it reports it anyway, and may refuse the option. */
  streamUsage?: "ask" | "always";
  /** The field that limits the output, if the proxy has to set one. Default `max_tokens`. */
  outputBoundField?: "max_tokens" | "max_completion_tokens";
  /** Whether `reasoning_content` of earlier turns may be sent. Default false: providers refuse unknown fields. */
  takesReasoning?: boolean;
  /** Whether system messages may follow others. Default false: they are joined at the start. */
  takesLateSystem?: boolean;
  /** Names of models that it does not serve here, but with another wire. */
  exceptModels?: RegExp;
  /** Whether the provider fetches images by URL. Default true. Concerns translated calls; others pass unchanged. */
  takesImageUrls?: boolean;
  /** The model is in the path instead of the body, and the body has this `anthropic_version` instead of the header. */
  versionInBody?: string;
  /** The header that names the service tier, instead of a field of the body. */
  tierHeader?: string;
  /** Some of `fields` were learnt from refusals, so they apply to translated calls of every format. */
  hasLearnt?: true;
  /** Request fields that are different at this provider, by their name in the wire. */
  fields?: Readonly<Record<string, FieldDifference>>;
}

export interface FieldDifference {
  /** The provider's name of the field. */
  name?: string;
  /** Values that the provider has another value for; null: its default. */
  values?: Readonly<Record<string, string | null>>;
  /** The provider refuses the field, or must not get it. It is left out, and the client is told. Only for fields that do not change the meaning. */
  isRefused?: true;
  /** The values that this is about. Default: all. */
  only?: ReadonlySet<unknown>;
  /** It is about the value in one call, so it is not remembered. */
  isOnce?: true;
  /** The provider's names of the models that this is about. Default: all. */
  models?: RegExp;
}
