import type { UsageReader } from "./read-usage.ts";

/** Answers have no usage block. What a call used is read elsewhere, or follows from its request. */
export const UNREPORTED: UsageReader = { find: () => undefined, read: () => null };
