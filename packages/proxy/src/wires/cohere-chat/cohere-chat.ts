import type { Wire } from "../wire.ts";
import { cohereBridge } from "./bridge.ts";
import { cohereChatUsage } from "./usage.ts";

/** Cohere's chat, version 2. */
export const cohereChat: Wire = {
  id: "cohere-chat",
  operation: "chat",
  usage: { find: ({ usage }) => usage, read: cohereChatUsage },
  bridge: cohereBridge,
};
