import type { Provider, Serving } from "@tollgate/catalog/providers";
import { WIRES } from "../wires/table.ts";
import type { SurfaceWire, Wire } from "../wires/wire.ts";
import type { Adapter } from "./adapter.ts";
import { estimate } from "./estimate/estimate.ts";
import { passthrough } from "./passthrough/passthrough.ts";
import { reframing } from "./reframing.ts";
import { scrubbing } from "./scrubbing.ts";
import { rewrite } from "./translate/rewrite.ts";
import { translate } from "./translate/translate.ts";
import { translateEmbeddings } from "./translate/translate-embeddings.ts";

/** How calls of one surface reach a provider. */
export interface Way {
  adapter: Adapter;
  /** The wire of the request to the provider. */
  wire: Wire;
  serving: Serving;
  /** The gateway answers, so the answer says nothing about the target. */
  isLocal?: true;
}

const passed = reframing(scrubbing(passthrough));
const translated = reframing(scrubbing(translate));
const translatedEmbeddings = scrubbing(translateEmbeddings);
const rewritten = scrubbing(rewrite);

/** How calls of one wire are translated to another of the same operation. Null: not at all. */
function translation(client: SurfaceWire, wire: Wire): Adapter | null {
  if (wire.operation !== client.operation) return null;
  if (client.codec && wire.bridge) return translated;
  if (wire.rewrites?.[client.id]) return rewritten;
  return client.embedCodec && wire.embedBridge ? translatedEmbeddings : null;
}

const NOWHERE: Serving = { path: "" };

/** Estimates are given for models that can be talked to. */
const isChat = (serves: Provider["serves"], wires: readonly Wire[]): boolean =>
  wires.some(({ id, operation }) => operation === "chat" && id in serves);

/**
 * If the provider serves the surface's wire for this model, bytes pass through. Otherwise the call is translated: the surface's wire
 * must have a codec, and the provider must serve a wire of the same operation that has a bridge. A surface with estimates
 * gives one otherwise. Only `wires` are considered. Null: none is possible.
 */
export function wayTo(
  client: SurfaceWire,
  { serves }: Pick<Provider, "serves">,
  upstreamModel: string,
  wires = Object.values<Wire>(WIRES),
): Way | null {
  const isServed = ({ exceptModels }: Serving): boolean => !exceptModels?.test(upstreamModel);
  const own = serves[client.id];
  if (own && isServed(own) && wires.some(({ id }) => id === client.id))
    return { adapter: passed, wire: client, serving: own };
  if (client.estimate)
    return isChat(serves, wires) ? { adapter: estimate, wire: client, serving: NOWHERE, isLocal: true } : null;
  // In the order of the provider's row: its own format first.
  for (const [id, serving] of Object.entries(serves)) {
    const wire = wires.find((each) => each.id === id);
    const adapter = wire && isServed(serving) && translation(client, wire);
    if (wire && adapter) return { adapter, wire, serving };
  }
  return null;
}
