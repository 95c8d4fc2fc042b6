import { messagesMeaning } from "../../meaning/anthropic-messages.ts";
import { list, text } from "../../meaning/json.ts";
import { type Attachment, type Extra, type Surface, TOOL_SCHEMA } from "./surface.ts";

const blockOf = ({ mediaType, data }: Attachment): object => ({
  type: mediaType === "application/pdf" ? "document" : "image",
  source: { type: "base64", media_type: mediaType, data },
});

const messagesExtra = (extra: Extra): object | null =>
  extra === "search" ? { tools: [{ type: "web_search_20250305", name: "web_search" }] } : null;

export const messagesSurface: Surface = {
  id: "anthropic-messages",
  read: messagesMeaning,
  request: ({ model, stream, history, tools, schema, thinks, extra }) => ({
    path: "/v1/messages",
    body: {
      model,
      max_tokens: 20_000,
      messages: history,
      ...(stream && { stream }),
      ...(tools && { tools: tools.map((name) => ({ name, input_schema: TOOL_SCHEMA })) }),
      ...(schema && { output_config: { format: { type: "json_schema", schema } } }),
      ...(thinks && { thinking: { type: "enabled", budget_tokens: 4_000 } }),
      ...(extra && messagesExtra(extra)),
    },
  }),
  extra: messagesExtra,
  user: (text, attachment) => ({
    role: "user",
    content: attachment ? [{ type: "text", text }, blockOf(attachment)] : text,
  }),
  marked: (text) => ({ role: "user", content: [{ type: "text", text, cache_control: { type: "ephemeral" } }] }),
  echo(answer) {
    const content = list(answer.content);
    const calls = content
      .filter(({ type }) => type === "tool_use")
      .map((block) => ({ id: text(block.id), name: text(block.name) }));
    return { items: [{ role: "assistant", content }], calls };
  },
  results: (calls, content) => [
    { role: "user", content: calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content })) },
  ],
};
