import { anthropicError, type ErrorWording, googleError, openAiError } from "../wires/error-wording.ts";
import type { RequestTarget } from "../wires/wire.ts";
import type { Surface } from "./surface.ts";

/** Paths by API family. Errors on any other path have OpenAI's format. */
const FAMILIES: readonly [RegExp, ErrorWording][] = [
  [/^(?:\/anthropic\/|\/v1\/messages(?:\/|$))/, anthropicError],
  [/^\/(?:google\/|v1beta\/|v1\/models\/.+:\w+$)/, googleError],
];

/**
 * The format of an error, at every stage: that of the surface, or of the path if no surface was found. Paths that
 * several families share answer the clients of Anthropic and Google, which are known by a header, in their own format.
 */
export function errorFormat({ path, headers }: RequestTarget, surface: Surface | null): ErrorWording {
  if (surface?.kind === "inference") return surface.errors;
  const family = FAMILIES.find(([paths]) => paths.test(path));
  if (family) return family[1];
  if ("anthropic-version" in headers) return anthropicError;
  return "x-goog-api-key" in headers ? googleError : (surface?.errors ?? openAiError);
}
