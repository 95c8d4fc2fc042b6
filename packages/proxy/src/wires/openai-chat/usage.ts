import { openAiTold } from "../told.ts";
import { openaiUsage } from "../usage/openai-usage.ts";
import type { UsageReader } from "../usage/read-usage.ts";

export const chatUsage: UsageReader = { find: ({ usage }) => usage, read: openaiUsage, told: openAiTold };
