import type { Dialect } from "@tollgate/catalog/providers";
import type { Adapter } from "./adapter.ts";
import { passthrough } from "./passthrough/passthrough.ts";
import { scrubbing } from "./scrubbing.ts";
import { translateChat } from "./translate/translate.ts";

const passed = scrubbing(passthrough);
const translated = scrubbing(translateChat);

/** How a surface's dialect (rows) reaches a provider's (columns). */
const ADAPTERS: Readonly<Partial<Record<Dialect, Readonly<Partial<Record<Dialect, Adapter>>>>>> = {
  openai: { openai: passed, anthropic: translated, google: translated },
};

/** Same dialect on both sides: bytes pass. Else the bridge translates. Null: there is no way. */
export const adapterFor = (surface: Dialect, provider: Dialect): Adapter | null =>
  ADAPTERS[surface]?.[provider] ?? null;
