import {
  type LanguageModelV4FilePart,
  type LanguageModelV4Message,
  type LanguageModelV4Prompt,
  type LanguageModelV4ToolResultPart,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";

type Assistant = Extract<LanguageModelV4Message, { role: "assistant" }>;
type User = Extract<LanguageModelV4Message, { role: "user" }>;

/** A prompt as Cohere's messages. Blank texts are left out, because Cohere refuses them. */
export const messagesOf = (prompt: LanguageModelV4Prompt): object[] => prompt.flatMap(messageOf);

function messageOf(message: LanguageModelV4Message): object[] {
  switch (message.role) {
    case "system":
      return message.content.trim() === "" ? [] : [{ role: "system", content: message.content }];
    case "user":
      return userOf(message);
    case "assistant":
      return assistantOf(message);
    case "tool":
      return message.content.flatMap((part) =>
        part.type === "tool-result"
          ? [{ role: "tool", tool_call_id: part.toolCallId, content: resultOf(part.output) }]
          : [],
      );
  }
}

function userOf({ content }: User): object[] {
  const parts = content.flatMap((part): object[] => {
    if (part.type === "file") return [filePart(part)];
    return part.text === "" ? [] : [{ type: "text", text: part.text }];
  });
  return parts.length === 0 ? [] : [{ role: "user", content: parts }];
}

function filePart({ data, mediaType }: LanguageModelV4FilePart): object {
  if (mediaType.startsWith("image/") || mediaType === "image") {
    if (data.type === "url") return { type: "image_url", image_url: { url: data.url.toString() } };
    if (data.type === "data") return { type: "image_url", image_url: { url: dataUrl(mediaType, data.data) } };
  }
  if (data.type === "text") return { type: "text", text: data.text };
  if (data.type === "data" && mediaType.startsWith("text/"))
    return { type: "text", text: bytesOf(data.data).toString() };
  throw new UnsupportedFunctionalityError({ functionality: `files of type ${mediaType}` });
}

const bytesOf = (data: Uint8Array | string): Buffer =>
  typeof data === "string" ? Buffer.from(data, "base64") : Buffer.from(data);

const dataUrl = (mediaType: string, data: Uint8Array | string): string =>
  `data:${mediaType === "image" ? "image/png" : mediaType};base64,${typeof data === "string" ? data : Buffer.from(data).toString("base64")}`;

/** A plan of calls is a thought of models that have no others. Cohere takes a text beside calls only as such a plan. */
function assistantOf({ content }: Assistant): object[] {
  const texts = content.flatMap((part) => (part.type === "text" && part.text.trim() !== "" ? [part.text] : []));
  const thoughts = content.flatMap((part) => (part.type === "reasoning" && part.text !== "" ? [part.text] : []));
  const calls = content.flatMap((part) =>
    part.type === "tool-call"
      ? [
          {
            ...{ id: part.toolCallId, type: "function" },
            function: { name: part.toolName, arguments: JSON.stringify(part.input ?? {}) },
          },
        ]
      : [],
  );
  if (calls.length > 0) {
    const plan = [...thoughts, ...texts].join("\n");
    return [{ role: "assistant", ...(plan !== "" && { tool_plan: plan }), tool_calls: calls }];
  }
  return texts.length === 0 ? [] : [{ role: "assistant", content: texts.map((text) => ({ type: "text", text })) }];
}

function resultOf(output: LanguageModelV4ToolResultPart["output"]): string {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "execution-denied":
      return output.reason ?? "The tool was not run.";
    case "json":
    case "error-json":
      return JSON.stringify(output.value);
    case "content":
      return output.value.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  }
}
