import type { Asked } from "./provider-behaviour.ts";

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const texts = (content: unknown): string[] => {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part) => {
    const { text, content: inner, toolResult } = record(part);
    return [text, inner, record(toolResult).content].flatMap(texts);
  });
};

const parsed = (body: Buffer): Record<string, unknown> | undefined => {
  try {
    return record(JSON.parse(body.toString()));
  } catch {
    return undefined;
  }
};

/** Google names the model and the method in the path. */
const GOOGLE = /\/models\/([^/]+):(generateContent|streamGenerateContent)$/;

/** Bedrock names the model in the path too. */
const BEDROCK = /\/model\/([^/]+)\/(converse|converse-stream)$/;

/** So does Vertex, for Anthropic's format. */
const VERTEX = /\/publishers\/anthropic\/models\/([^/]+):(rawPredict|streamRawPredict)$/;

const STREAMING = new Set<string | undefined>(["streamGenerateContent", "converse-stream", "streamRawPredict"]);

/** Reads a provider call. Undefined if the path is unknown or the body is not JSON. */
export function asked(path: string, body: Buffer, order: number): Asked | undefined {
  const { pathname } = new URL(path, "http://provider");
  const dialect = pathname.endsWith("/chat/completions")
    ? "openai"
    : pathname.endsWith("/messages") || VERTEX.test(pathname)
      ? "anthropic"
      : /\/responses(?:\/|$)/.test(pathname)
        ? "responses"
        : GOOGLE.test(pathname)
          ? "google"
          : BEDROCK.test(pathname)
            ? "bedrock"
            : pathname.endsWith("/v2/chat")
              ? "cohere"
              : null;
  // A request about a stored response may have no body.
  const json = body.length === 0 && !pathname.endsWith("/responses") ? {} : parsed(body);
  if (!dialect || !json) return undefined;
  const input = Array.isArray(json.input) ? json.input : [json.input];
  const contents = [json.systemInstruction, ...(Array.isArray(json.contents) ? json.contents : [])].map((content) => ({
    content: record(content).parts,
  }));
  const [, googleModel, googleMethod] = GOOGLE.exec(pathname) ?? [];
  const [, bedrockModel, bedrockMethod] = BEDROCK.exec(pathname) ?? [];
  const [, vertexModel, vertexMethod] = VERTEX.exec(pathname) ?? [];
  const encodedModel = bedrockModel ?? vertexModel;
  const given = googleModel ? contents : Array.isArray(json.messages) ? json.messages : input;
  const messages = given.map((message) => (typeof message === "string" ? { content: message } : record(message)));
  return {
    order,
    dialect,
    model: googleModel ?? (encodedModel === undefined ? String(json.model ?? "") : decodeURIComponent(encodedModel)),
    stream: json.stream === true || STREAMING.has(googleMethod ?? bedrockMethod ?? vertexMethod),
    withUsage: record(json.stream_options).include_usage === true,
    prompt: [
      ...texts(json.system),
      ...texts(json.instructions),
      ...messages.flatMap(({ content, output }: Record<string, unknown>) => texts(content ?? output)),
    ].join("\n"),
    json,
  };
}
