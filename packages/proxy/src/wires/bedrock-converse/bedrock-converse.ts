import type { Wire } from "../wire.ts";
import { bedrockBridge } from "./bridge.ts";
import { bedrockTold, bedrockUsage } from "./usage.ts";

/** Bedrock's Converse, which all its chat models have in common. Used for calls to providers only; no surface has it. */
export const bedrockConverse: Wire = {
  id: "bedrock-converse",
  operation: "chat",
  usage: { find: ({ usage }) => usage, read: bedrockUsage, told: bedrockTold },
  bridge: bedrockBridge,
};
