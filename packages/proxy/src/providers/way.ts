import type { Provider, Serving } from "@tollgate/catalog/providers";
import { WIRES } from "../wires/table.ts";
import type { SurfaceWire, Wire } from "../wires/wire.ts";
import type { Adapter } from "./adapter.ts";
import { passthrough } from "./passthrough/passthrough.ts";
import { scrubbing } from "./scrubbing.ts";
import { translate } from "./translate/translate.ts";

/** How calls of one surface reach a provider. */
export interface Way {
  adapter: Adapter;
  /** The wire of the request to the provider. */
  wire: Wire;
  serving: Serving;
}

const passed = scrubbing(passthrough);
const translated = scrubbing(translate);

/**
 * If the provider serves the surface's wire for this model, bytes pass through. Otherwise the call is translated: the surface's wire
 * must have a codec, and the provider must serve a wire of the same operation that has a bridge. Null: neither is
 * possible.
 */
export function wayTo(
  client: SurfaceWire,
  { serves }: Pick<Provider, "serves">,
  upstreamModel: string,
  wires = Object.values<Wire>(WIRES),
): Way | null {
  const isServed = ({ exceptModels }: Serving): boolean => !exceptModels?.test(upstreamModel);
  const own = serves[client.id];
  if (own && isServed(own)) return { adapter: passed, wire: client, serving: own };
  if (!client.codec) return null;
  // In the order of the provider's row: its own format first.
  for (const [id, serving] of Object.entries(serves)) {
    const wire = wires.find((each) => each.id === id);
    if (wire?.bridge && wire.operation === client.operation && isServed(serving))
      return { adapter: translated, wire, serving };
  }
  return null;
}
