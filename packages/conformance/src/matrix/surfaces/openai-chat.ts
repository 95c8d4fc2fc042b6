import { fields, list, text } from "../../meaning/json.ts";
import { chatMeaning } from "../../meaning/openai-chat.ts";
import { type Attachment, dataUrl, type Extra, type Surface, TOOL_SCHEMA } from "./surface.ts";

const partOf = (attachment: Attachment): object =>
  attachment.mediaType === "application/pdf"
    ? { type: "file", file: { filename: "paper.pdf", file_data: dataUrl(attachment) } }
    : { type: "image_url", image_url: { url: dataUrl(attachment) } };

const EXTRAS: Readonly<Record<string, object>> = {
  search: { web_search_options: {} },
  logprobs: { logprobs: true, top_logprobs: 1 },
  answers: { n: 2 },
};

const chatExtra = (extra: Extra): object | null => (typeof extra === "string" ? (EXTRAS[extra] ?? null) : null);

export const chatSurface: Surface = {
  id: "openai-chat",
  read: chatMeaning,
  request: ({ model, stream, history, tools, schema, thinks, extra }) => ({
    path: "/v1/chat/completions",
    body: {
      model,
      messages: history,
      ...(stream && { stream, stream_options: { include_usage: true } }),
      ...(tools && {
        tools: tools.map((name) => ({ type: "function", function: { name, parameters: TOOL_SCHEMA } })),
      }),
      ...(schema && {
        response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } },
      }),
      ...(thinks && { reasoning_effort: "medium", max_completion_tokens: 20_000 }),
      ...(extra && chatExtra(extra)),
    },
  }),
  extra: chatExtra,
  user: (text, attachment) => ({
    role: "user",
    content: attachment ? [{ type: "text", text }, partOf(attachment)] : text,
  }),
  // Anthropic's mark, as OpenRouter has it in this format.
  marked: (text) => ({ role: "user", content: [{ type: "text", text, cache_control: { type: "ephemeral" } }] }),
  echo(answer) {
    const message = fields(list(answer.choices)[0]?.message);
    const calls = list(message.tool_calls).map((call) => ({
      id: text(call.id),
      name: text(fields(call.function).name),
    }));
    return { items: [message], calls };
  },
  results: (calls, text) => calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: text })),
};
