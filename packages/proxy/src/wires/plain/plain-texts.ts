import { textsOf } from "../texts/texts-of.ts";
import type { Texts } from "../wire.ts";

const DATA_URL = /^data:[^,]{0,100},/;
const URL_FIELDS = new Set<string | number | undefined>(["url", "image_url"]);

/** The texts of a request without roles. `keywords` are the top-level fields whose strings are keywords of the protocol. */
export function plainTexts(...keywords: string[]): Texts {
  const structural = new Set(["model", ...keywords]);
  return textsOf({
    isStructural: (path, key) => (path.length === 0 ? structural.has(key) : key === "type"),
    hasOwnNames: () => false,
    isBytes: (text, path) => URL_FIELDS.has(path.at(-1)) && DATA_URL.test(text),
    originOf: () => "message",
  });
}
