import type { Wire } from "../wire.ts";
import { googleBridge } from "./bridge.ts";
import { googleUsage } from "./usage.ts";

/** Gemini's `generateContent`, towards providers alone. */
export const googleGenerate: Wire = {
  id: "google-generate",
  operation: "chat",
  usage: { find: ({ usageMetadata }) => usageMetadata, read: googleUsage },
  bridge: googleBridge,
};
