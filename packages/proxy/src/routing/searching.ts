import { wayTo } from "../providers/way.ts";
import type { InferenceSurface } from "../surfaces/surface.ts";
import { WIRES } from "../wires/table.ts";
import type { Wire } from "../wires/wire.ts";
import type { Unpriced } from "./eligible.ts";

const SEARCHING = Object.values<Wire>(WIRES).filter(({ bridge }) => bridge?.webSearch);

/** The candidate for a call that may search the web: another API of its provider if only that one has a search. */
export function searching(candidate: Unpriced, { wire }: InferenceSurface): Unpriced {
  const { way, provider, knownAs } = candidate;
  if (way.wire.bridge?.webSearch) return candidate;
  const { searchesInChat } = provider;
  const passes = searchesInChat === undefined || searchesInChat?.test(knownAs);
  if (way.wire === wire && passes) return candidate;
  const other = wayTo(wire, provider, knownAs, SEARCHING);
  return other ? { ...candidate, way: other } : candidate;
}
