import { aiSdkClients } from "./ai-sdk.ts";
import { anthropic } from "./anthropic.ts";
import type { Client } from "./client.ts";
import { google } from "./google.ts";
import { langchainClients } from "./langchain.ts";
import { openaiChat, openaiResponses } from "./openai.ts";

export const CLIENTS: readonly Client[] = [
  openaiChat,
  openaiResponses,
  anthropic,
  google,
  ...aiSdkClients,
  ...langchainClients,
];
