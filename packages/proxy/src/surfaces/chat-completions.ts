import { readChatRequest } from "../wires/openai-chat/read.ts";
import type { InferenceSurface } from "./surface.ts";

/** `POST /v1/chat/completions`, JSON and server-sent events. */
export const chatCompletions: InferenceSurface = {
  kind: "inference",
  name: "chat-completions",
  method: "POST",
  dialect: "openai",
  read: readChatRequest,
  errorFrame: (body) => `data: ${body}\n\n`,
};
