import type { Wire } from "../wire.ts";
import { googleBridge } from "./bridge.ts";
import { googleUsage } from "./usage.ts";

/** Gemini's `generateContent`. Used for calls to providers only; no surface has it. */
export const googleGenerate: Wire = {
  id: "google-generate",
  operation: "chat",
  usage: { find: ({ usageMetadata }) => usageMetadata, read: googleUsage },
  bridge: googleBridge,
};
