import type { Serving } from "@tollgate/catalog/providers";

/** Whether the provider wants the model in the path and not in the body. */
export const hasModelInPath = ({ path }: Serving): boolean => path.includes("{model}");

/** The path of a request. Vertex has the model in it, with an `@` before the version, and another method for streams. */
export function messagesPath({ path }: Serving, upstreamModel: string, isStream: boolean): string {
  if (!path.includes(":rawPredict")) return path;
  const named = path.replace("{model}", () => encodeURIComponent(upstreamModel).replaceAll("%40", "@"));
  return isStream ? named.replace(/:rawPredict$/, ":streamRawPredict") : named;
}
