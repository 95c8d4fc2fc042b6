import type { Provider, Serving } from "@tollgate/catalog/providers";
import { WIRES } from "../wires/table.ts";
import type { SurfaceWire, Wire } from "../wires/wire.ts";
import type { Adapter } from "./adapter.ts";
import { passthrough } from "./passthrough/passthrough.ts";
import { scrubbing } from "./scrubbing.ts";
import { translate } from "./translate/translate.ts";

/** How calls of a surface's wire reach a provider. */
export interface Way {
  adapter: Adapter;
  /** The wire the provider is called on. */
  wire: Wire;
  serving: Serving;
}

const passed = scrubbing(passthrough);
const translated = scrubbing(translate);

/**
 * The provider serves the surface's wire: bytes pass. Otherwise a call is translated when the surface's wire has a codec
 * and the provider serves a wire of the same operation that has a bridge. Null: there is no way.
 */
export function wayTo(
  client: SurfaceWire,
  { serves }: Pick<Provider, "serves">,
  wires = Object.values<Wire>(WIRES),
): Way | null {
  const own = serves[client.id];
  if (own) return { adapter: passed, wire: client, serving: own };
  for (const wire of client.codec ? wires : []) {
    const serving = serves[wire.id];
    if (serving && wire.bridge && wire.operation === client.operation) return { adapter: translated, wire, serving };
  }
  return null;
}
