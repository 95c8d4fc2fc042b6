import type { Dialect } from "@tollgate/catalog/providers";
import type { Adapter } from "./adapter.ts";

/** Same dialect on both sides: bytes pass. Else the bridge translates; null when it cannot. */
export declare function adapterFor(surface: Dialect, provider: Dialect): Adapter | null;
