import type { Routed } from "../call.ts";

/** What a hold needs of a call: of one that is sent now, or of a batch. */
export type Holding = Omit<Routed, "surface" | "body" | "raw"> & { surface: { name: string } };
