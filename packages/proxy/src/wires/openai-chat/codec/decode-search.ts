import type { Bridge } from "../../codec.ts";
import { type Fields, invalid, isFields, unsupported } from "../../fields.ts";
import { contextSizeIn, locationIn, NO_OPTIONS, offerSearch, type SearchCall } from "../../web-search.ts";

const OPTIONS = "web_search_options";

/** The provider's search for `web_search_options`. Null: the request asks for none. Throws 400 if the provider has none. */
export function decodeSearch({ [OPTIONS]: given }: Fields, bridge: Bridge, call: SearchCall, providerName: string) {
  if (given === undefined || given === null) return null;
  if (!isFields(given)) throw invalid(OPTIONS, "an object");
  const asked = {
    ...NO_OPTIONS,
    location: locationIn(given.user_location, `${OPTIONS}.user_location`),
    contextSize: contextSizeIn(given.search_context_size, `${OPTIONS}.search_context_size`),
  };
  const offered = offerSearch(bridge, asked, call, {
    maxUses: OPTIONS,
    allowedDomains: OPTIONS,
    blockedDomains: OPTIONS,
    location: `${OPTIONS}.user_location`,
    contextSize: `${OPTIONS}.search_context_size`,
  });
  if (!offered) throw unsupported(OPTIONS, providerName);
  return offered;
}
