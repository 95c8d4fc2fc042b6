import { type Behaviour, raw } from "@tollgate/testkit/provider-behaviour";

const usage = { input_tokens: 5, output_tokens: 7 };
const message = { id: "m1", type: "message", role: "assistant", model: "claude-sonnet-4-5", usage };
const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** An answer of Anthropic with these blocks: thoughts and texts in deltas, others whole. */
export const said = (stream: boolean, stop: string, ...content: Record<string, unknown>[]): Behaviour => {
  if (!stream) {
    const body = JSON.stringify({ ...message, content, stop_reason: stop, stop_sequence: null });
    return () => ({
      head: { status: 200, headers: { "content-type": "application/json" } },
      moves: [{ bytes: Buffer.from(body) }, "end"],
      bills: null,
    });
  }
  const blocks = content.flatMap((block, index) => {
    const { type, thinking, signature, text, input } = block;
    const deltas =
      type === "thinking"
        ? [
            { type: "thinking_delta", thinking },
            { type: "signature_delta", signature },
          ]
        : type === "text"
          ? [{ type: "text_delta", text }]
          : type === "tool_use"
            ? [{ type: "input_json_delta", partial_json: JSON.stringify(input) }]
            : type === "compaction"
              ? [{ type: "compaction_delta", content: block.content }]
              : [];
    const empty = {
      thinking: { ...block, thinking: "", signature: "" },
      text: { ...block, text: "" },
      tool_use: { ...block, input: {} },
    };
    const started = type === "compaction" ? { type, content: null } : (empty[type as "text"] ?? block);
    return [
      event("content_block_start", { index, content_block: started }),
      ...deltas.map((delta) => event("content_block_delta", { index, delta })),
      event("content_block_stop", { index }),
    ];
  });
  return raw([
    event("message_start", { message: { ...message, content: [] } }),
    ...blocks,
    event("message_delta", { delta: { stop_reason: stop, stop_sequence: null }, usage }),
    event("message_stop", {}),
  ]);
};
