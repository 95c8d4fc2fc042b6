import { messagesMeaning } from "../meaning/anthropic-messages.ts";
import { converseMeaning } from "../meaning/bedrock-converse.ts";
import { cohereMeaning } from "../meaning/cohere-chat.ts";
import { googleMeaning } from "../meaning/google-generate.ts";
import type { Call, Meaning } from "../meaning/meaning.ts";
import { chatMeaning } from "../meaning/openai-chat.ts";
import { responsesMeaning } from "../meaning/openai-responses.ts";

/** A conversation format: how answers are read, and for surfaces how a request is made. */
export interface Format {
  wire: string;
  read(body: string, isStream: boolean): Meaning;
  /** Path and body of a request with these tools. */
  ask(model: string, isStream: boolean, tools: readonly string[]): { path: string; body: object };
}

const PROMPT = "Answer as recorded.";
const SCHEMA = { type: "object", properties: {} };
const OUTPUT_TOKENS = 8_192;

export const FORMATS: readonly Format[] = [
  {
    wire: "openai-chat",
    read: chatMeaning,
    ask: (model, stream, tools) => ({
      path: "/v1/chat/completions",
      body: {
        model,
        messages: [{ role: "user", content: PROMPT }],
        ...(stream && { stream, stream_options: { include_usage: true } }),
        ...some("tools", tools, (name) => ({ type: "function", function: { name, parameters: SCHEMA } })),
      },
    }),
  },
  {
    wire: "openai-responses",
    read: responsesMeaning,
    ask: (model, stream, tools) => ({
      path: "/v1/responses",
      body: {
        model,
        input: PROMPT,
        store: false,
        ...(stream && { stream }),
        ...some("tools", tools, (name) => ({ type: "function", name, parameters: SCHEMA, strict: false })),
      },
    }),
  },
  {
    wire: "anthropic-messages",
    read: messagesMeaning,
    ask: (model, stream, tools) => ({
      path: "/v1/messages",
      body: {
        model,
        max_tokens: OUTPUT_TOKENS,
        messages: [{ role: "user", content: PROMPT }],
        ...(stream && { stream }),
        ...some("tools", tools, (name) => ({ name, input_schema: SCHEMA })),
      },
    }),
  },
  {
    wire: "google-generate",
    read: googleMeaning,
    ask: (model, stream, tools) => ({
      path: `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
      body: {
        contents: [{ role: "user", parts: [{ text: PROMPT }] }],
        generationConfig: { thinkingConfig: { includeThoughts: true } },
        ...(tools.length > 0 && {
          tools: [{ functionDeclarations: tools.map((name) => ({ name, parameters: SCHEMA })) }],
        }),
      },
    }),
  },
];

/** How answers of a format are read that only providers have. */
const READERS: Readonly<Record<string, Format["read"]>> = {
  "bedrock-converse": converseMeaning,
  "cohere-chat": cohereMeaning,
};

export const readerOf = (wire: string): Format["read"] | undefined =>
  FORMATS.find((format) => format.wire === wire)?.read ?? READERS[wire];

const some = (field: string, tools: readonly string[], make: (name: string) => object): object =>
  tools.length > 0 ? { [field]: tools.map(make) } : {};

/** The tools that a client must have offered to get these calls. */
export const toolsOf = (calls: readonly Call[]): string[] => [...new Set(calls.map(({ name }) => name))];
