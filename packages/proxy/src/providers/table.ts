import type { Dialect } from "@tollgate/catalog/providers";
import type { Adapter } from "./adapter.ts";
import { passthrough } from "./passthrough.ts";
import { translateChat } from "./translate.ts";

/** How a surface's dialect (rows) reaches a provider's (columns). */
const ADAPTERS: Readonly<Partial<Record<Dialect, Readonly<Partial<Record<Dialect, Adapter>>>>>> = {
  openai: { openai: passthrough, anthropic: translateChat, google: translateChat },
};

/** Same dialect on both sides: bytes pass. Else the bridge translates. Null: there is no way. */
export const adapterFor = (surface: Dialect, provider: Dialect): Adapter | null =>
  ADAPTERS[surface]?.[provider] ?? null;
