import type { Wire } from "../wire.ts";
import { anthropicBridge } from "./bridge.ts";
import { anthropicUsage } from "./usage.ts";

/** Anthropic's Messages API. Used for calls to providers only; no surface has it. */
export const anthropicMessages: Wire = {
  id: "anthropic-messages",
  operation: "chat",
  usage: { find: ({ usage }) => usage, read: anthropicUsage },
  bridge: anthropicBridge,
};
