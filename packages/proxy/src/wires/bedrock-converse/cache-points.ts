import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from "@ai-sdk/provider";
import { type Fields, isFields } from "../fields.ts";
import { hasHourCache, hasPromptCache } from "./model-family.ts";
import { NAMESPACE } from "./namespace.ts";

/** Anthropic's mark of the end of a part that the provider caches, as a cache point. Undefined: there is no mark. */
export function cachePointOf({ cache_control: mark }: Fields): SharedV4ProviderOptions | undefined {
  if (!isFields(mark)) return undefined;
  return { [NAMESPACE]: { cachePoint: { type: "default", ...(mark.ttl === "1h" && { ttl: "1h" }) } } };
}

interface Marked {
  providerOptions?: SharedV4ProviderOptions | undefined;
}

const pointOf = ({ providerOptions }: Marked): Fields | undefined => {
  const point = providerOptions?.[NAMESPACE]?.cachePoint;
  return isFields(point) ? point : undefined;
};

/**
 * The options without cache points, or times of cache points, that the model does not have. The package that builds the
 * request adds a point wherever a part has one.
 */
export function withPossibleCachePoints(options: LanguageModelV4CallOptions, model: string, ignored: string[]) {
  if (hasHourCache(model)) return options;
  const isCached = hasPromptCache(model);
  const dropped = new Set<string>();
  const possible = <T extends Marked>(part: T): T => {
    const point = pointOf(part);
    if (!point || (isCached && point.ttl === undefined)) return part;
    dropped.add(isCached ? "cache_control.ttl" : "cache_control");
    const own = isCached ? { [NAMESPACE]: { cachePoint: { type: "default" } } } : {};
    const { [NAMESPACE]: _, ...others } = part.providerOptions ?? {};
    return { ...part, providerOptions: { ...others, ...own } };
  };
  const prompt = options.prompt.map((message) =>
    message.role === "system"
      ? possible(message)
      : ({ ...message, content: message.content.map(possible) } as typeof message),
  );
  const tools = options.tools?.map((tool) => (tool.type === "function" ? possible(tool) : tool));
  ignored.push(...dropped);
  return { ...options, prompt, ...(tools && { tools }) };
}

/** The cache points after tools, by the tool's name. The package that builds the request does not add them. */
export const toolCachePoints = ({ tools }: LanguageModelV4CallOptions): ReadonlyMap<string, Fields> =>
  new Map(
    (tools ?? []).flatMap((tool): [string, Fields][] => {
      const point = tool.type === "function" ? pointOf(tool) : undefined;
      return point ? [[tool.name, point]] : [];
    }),
  );
