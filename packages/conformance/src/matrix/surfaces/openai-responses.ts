import { list, text } from "../../meaning/json.ts";
import { responsesMeaning } from "../../meaning/openai-responses.ts";
import { type Attachment, dataUrl, type Extra, type Surface, TOOL_SCHEMA } from "./surface.ts";

const partOf = (attachment: Attachment): object =>
  attachment.mediaType === "application/pdf"
    ? { type: "input_file", filename: "paper.pdf", file_data: dataUrl(attachment) }
    : { type: "input_image", image_url: dataUrl(attachment), detail: "auto" };

const EXTRAS: Readonly<Record<string, object>> = {
  search: { tools: [{ type: "web_search" }] },
  logprobs: { include: ["message.output_text.logprobs"], top_logprobs: 1 },
  kept: { store: true },
};

const responsesExtra = (extra: Extra): object | null =>
  typeof extra === "string" ? (EXTRAS[extra] ?? null) : { store: true, previous_response_id: extra.continues };

export const responsesSurface: Surface = {
  id: "openai-responses",
  read: responsesMeaning,
  request: ({ model, stream, history, tools, schema, thinks, extra }) => ({
    path: "/v1/responses",
    body: {
      model,
      input: history,
      store: false,
      ...(stream && { stream }),
      ...(tools && {
        tools: tools.map((name) => ({ type: "function", name, parameters: TOOL_SCHEMA, strict: false })),
      }),
      ...(schema && { text: { format: { type: "json_schema", name: "answer", schema, strict: true } } }),
      ...(thinks && {
        reasoning: { effort: "medium", summary: "auto" },
        include: ["reasoning.encrypted_content"],
        max_output_tokens: 20_000,
      }),
      ...(extra && responsesExtra(extra)),
    },
  }),
  extra: responsesExtra,
  user: (text, attachment) => ({
    role: "user",
    content: attachment ? [{ type: "input_text", text }, partOf(attachment)] : text,
  }),
  marked: null,
  echo(answer) {
    const items = list(answer.output);
    const calls = items
      .filter(({ type }) => type === "function_call")
      .map((item) => ({ id: text(item.call_id), name: text(item.name) }));
    return { items, calls };
  },
  results: (calls, output) => calls.map(({ id }) => ({ type: "function_call_output", call_id: id, output })),
};
