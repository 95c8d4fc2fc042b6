import type { Recording } from "../src/replay/recording.ts";

// Small answers in the shapes that providers really send.

const JSON_TYPE = "application/json";
const SSE_TYPE = "text/event-stream";

const whole = (name: string, wire: string, provider: string, body: object, status = 200): Recording => ({
  name,
  wire,
  provider,
  stream: false,
  status,
  contentType: JSON_TYPE,
  body: JSON.stringify(body),
});

const streamed = (name: string, wire: string, provider: string, events: readonly object[], end = ""): Recording => ({
  name,
  wire,
  provider,
  stream: true,
  status: 200,
  contentType: SSE_TYPE,
  body:
    events
      .map((event) => `${"type" in event ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`)
      .join("") + end,
});

const chunk = (delta: object, finish: string | null = null) => ({
  id: "c1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: finish }],
});

const chatUsage = {
  prompt_tokens: 20,
  completion_tokens: 9,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 8 },
};

/** A call without arguments and one with arguments in pieces, as OpenAI streams them. */
const chatCalls = streamed(
  "chat-calls",
  "openai-chat",
  "groq",
  [
    chunk({ role: "assistant", content: null, reasoning_content: "Two calls." }),
    chunk({ tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "now", arguments: "" } }] }),
    chunk({ tool_calls: [{ index: 1, id: "b", type: "function", function: { name: "weather", arguments: '{"ci' } }] }),
    chunk({ tool_calls: [{ index: 1, function: { arguments: 'ty":"Bern"}' } }] }),
    chunk({}, "tool_calls"),
    { ...chunk({}), choices: [], usage: chatUsage },
  ],
  "data: [DONE]\n\n",
);

const responses = streamed("responses-text", "openai-responses", "openai", [
  { type: "response.created", sequence_number: 0, response: { id: "resp_1", created_at: 1, model: "m", output: [] } },
  {
    type: "response.output_item.added",
    sequence_number: 1,
    output_index: 0,
    item: { id: "msg_1", type: "message", role: "assistant", status: "in_progress", content: [] },
  },
  {
    type: "response.output_text.delta",
    sequence_number: 2,
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    delta: "Zürich 🌧",
  },
  {
    type: "response.output_item.done",
    sequence_number: 3,
    output_index: 0,
    item: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Zürich 🌧", annotations: [] }],
    },
  },
  {
    type: "response.incomplete",
    sequence_number: 4,
    response: {
      id: "resp_1",
      created_at: 1,
      model: "m",
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [
        {
          id: "msg_1",
          type: "message",
          role: "assistant",
          status: "completed",
          content: [{ type: "output_text", text: "Zürich 🌧", annotations: [] }],
        },
      ],
      usage: {
        input_tokens: 20,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 4 },
        total_tokens: 29,
      },
    },
  },
]);

/** Thoughts with a signature, hidden thoughts, a tool that the provider ran, and one that the client has to run. */
const message = whole("message-thoughts", "anthropic-messages", "anthropic", {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude",
  content: [
    { type: "thinking", thinking: "Search, then ask.", signature: "c2lnbmVk" },
    { type: "redacted_thinking", data: "aGlkZGVu" },
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "rain" } },
    {
      type: "web_search_tool_result",
      tool_use_id: "srvtoolu_1",
      content: [
        { type: "web_search_result", url: "https://a.test/", title: "A", encrypted_content: "x", page_age: null },
      ],
    },
    { type: "text", text: "It rains." },
    { type: "tool_use", id: "toolu_1", name: "now", input: {} },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 20, cache_read_input_tokens: 8, cache_creation_input_tokens: 0, output_tokens: 9 },
});

const gemini = streamed("gemini-call", "google-generate", "google", [
  { candidates: [{ content: { role: "model", parts: [{ text: "Why?", thought: true }] }, index: 0 }] },
  {
    candidates: [
      {
        content: { role: "model", parts: [{ functionCall: { name: "now", args: {} }, thoughtSignature: "c2ln" }] },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 5, thoughtsTokenCount: 4, totalTokenCount: 29 },
  },
]);

const usage = { input_tokens: 20, output_tokens: 9 };
const page = (encrypted_index: string) => ({
  type: "web_search_result_location",
  url: "https://a.test/",
  title: "A",
  cited_text: "Rain.",
  encrypted_index,
});

/** The cited words are a block of their own. The pages that the search found are more than those that are cited. */
const citedMessage = streamed("message-citations", "anthropic-messages", "anthropic", [
  {
    type: "message_start",
    message: { id: "msg_1", type: "message", role: "assistant", model: "c", content: [], usage },
  },
  {
    type: "content_block_start",
    index: 0,
    content_block: { type: "server_tool_use", id: "s1", name: "web_search", input: {} },
  },
  { type: "content_block_stop", index: 0 },
  {
    type: "content_block_start",
    index: 1,
    content_block: {
      type: "web_search_tool_result",
      tool_use_id: "s1",
      content: ["a", "b"].map((each) => ({
        type: "web_search_result",
        url: `https://${each}.test/`,
        title: each.toUpperCase(),
        encrypted_content: "x",
        page_age: null,
      })),
    },
  },
  { type: "content_block_stop", index: 1 },
  { type: "content_block_start", index: 2, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 2, delta: { type: "text_delta", text: "So: " } },
  { type: "content_block_stop", index: 2 },
  { type: "content_block_start", index: 3, content_block: { type: "text", text: "", citations: [] } },
  { type: "content_block_delta", index: 3, delta: { type: "citations_delta", citation: page("e1") } },
  { type: "content_block_delta", index: 3, delta: { type: "text_delta", text: "it rains 🌧" } },
  { type: "content_block_stop", index: 3 },
  { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage },
  { type: "message_stop" },
]);

/** Perplexity lists the pages beside the choices, in every chunk. */
const listed = { search_results: [{ title: "A", url: "https://a.test/" }], citations: ["https://a.test/"] };
const citedChat = streamed(
  "chat-citations",
  "openai-chat",
  "perplexity",
  [
    { ...chunk({ role: "assistant", content: "It rains" }), ...listed, usage: chatUsage },
    { ...chunk({ content: " [1]." }), ...listed, usage: chatUsage },
    { ...chunk({}, "stop"), ...listed, usage: chatUsage },
  ],
  "data: [DONE]\n\n",
);

/** A call of a tool that only OpenAI has, which the client has not offered, and an annotation with its place. */
const citedResponse = whole("responses-citations", "openai-responses", "openai", {
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "m",
  status: "completed",
  output: [
    {
      id: "sh_1",
      type: "local_shell_call",
      call_id: "c1",
      status: "completed",
      action: { type: "exec", command: ["ls"], env: {} },
    },
    {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      content: [
        {
          type: "output_text",
          text: "So: it rains.",
          annotations: [{ type: "url_citation", url: "https://a.test/", title: "A", start_index: 4, end_index: 12 }],
        },
      ],
    },
  ],
  usage: {
    input_tokens: 20,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 9,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 29,
  },
});

const picture = streamed("gemini-image", "google-generate", "google", [
  {
    candidates: [
      {
        content: { role: "model", parts: [{ inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }] },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 9, totalTokenCount: 29 },
  },
]);

/** Bedrock's payloads, one per line. The signature of a thought follows it, and a text has no event for its start. */
const converse: Recording = {
  ...streamed("converse", "bedrock-converse", "bedrock", []),
  body: [
    { messageStart: { role: "assistant" } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: "Two steps." } } } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { signature: "c2ln" } } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    { contentBlockDelta: { contentBlockIndex: 1, delta: { text: "Look: " } } },
    { contentBlockStop: { contentBlockIndex: 1 } },
    { contentBlockStart: { contentBlockIndex: 2, start: { toolUse: { toolUseId: "t1", name: "now" } } } },
    { contentBlockStop: { contentBlockIndex: 2 } },
    { messageStop: { stopReason: "tool_use" } },
    { metadata: { usage: { inputTokens: 20, outputTokens: 9, totalTokens: 29 }, metrics: { latencyMs: 1 } } },
  ]
    .map((payload) => JSON.stringify(payload))
    .join("\n"),
};

const cohereUsage = {
  billed_units: { input_tokens: 12, output_tokens: 7 },
  tokens: { input_tokens: 512, output_tokens: 9 },
  cached_tokens: 448,
};
const cohereStart = { type: "message-start", id: "c1", delta: { message: { role: "assistant", content: [] } } };
const cohereEnd = (reason: string) => ({
  type: "message-end",
  delta: { finish_reason: reason, usage: cohereUsage },
});

/** A plan before a call, and `null` for no arguments. */
const cohere = streamed("cohere", "cohere-chat", "cohere", [
  cohereStart,
  { type: "tool-plan-delta", delta: { message: { tool_plan: "I look " } } },
  { type: "tool-plan-delta", delta: { message: { tool_plan: "it up." } } },
  {
    ...{ type: "tool-call-start", index: 0 },
    delta: { message: { tool_calls: { id: "now_1", type: "function", function: { name: "now", arguments: "" } } } },
  },
  { type: "tool-call-delta", index: 0, delta: { message: { tool_calls: { function: { arguments: "null" } } } } },
  { type: "tool-call-end", index: 0 },
  cohereEnd("TOOL_CALL"),
]);

/** A citation of a page, and of a document that the client has sent. */
const citedByCohere = streamed("cohere-citations", "cohere-chat", "cohere", [
  cohereStart,
  { type: "content-start", index: 0, delta: { message: { content: { type: "text", text: "" } } } },
  { type: "content-delta", index: 0, delta: { message: { content: { text: "It rains." } } } },
  {
    type: "citation-start",
    index: 0,
    delta: {
      message: {
        citations: {
          ...{ start: 3, end: 8, text: "rains" },
          sources: [
            { type: "document", document: { url: "https://example.com/rain", title: "Rain" } },
            { type: "document", document: { id: "doc:0", text: "It rains." } },
          ],
        },
      },
    },
  },
  { type: "content-end", index: 0 },
  cohereEnd("COMPLETE"),
]);

const refusal = whole(
  "chat-refusal",
  "openai-chat",
  "groq",
  { error: { message: "Unsupported parameter: max_tokens", type: "invalid_request_error", param: "max_tokens" } },
  400,
);

export const RECORDINGS: readonly Recording[] = [
  chatCalls,
  responses,
  message,
  gemini,
  citedMessage,
  citedChat,
  citedResponse,
  picture,
  refusal,
  whole("voyage-ranks", "voyage-rerank", "voyage", {
    object: "list",
    data: [{ index: 1, relevance_score: 0.5 }],
    model: "rerank-2.5",
    usage: { total_tokens: 12 },
  }),
  converse,
  whole("bedrock-ranks", "bedrock-rerank", "bedrock", { results: [{ index: 1, relevanceScore: 0.5 }] }),
  whole("unknown-format", "made-up-chat", "made-up", {}),
  cohere,
  citedByCohere,
];
