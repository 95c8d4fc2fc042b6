import { LLMock } from "@copilotkit/aimock";

// The demo provider: an HTTP server with the APIs of OpenAI and Anthropic. The same question always gets the same answer.
// `npm start` runs it as a separate process.

const mock = new LLMock({
  host: "127.0.0.1",
  port: Number(process.env.PROVIDER_PORT),
  logLevel: "silent",
  journalMaxEntries: 100,
});

// Requests without messages, such as embeddings, get the answers of the library.
mock.on({ predicate: ({ messages }) => messages?.length > 0 }, ({ messages }) => {
  const content = answerTo(textOf(messages.findLast(({ role }) => role === "user")?.content));
  const prompt = messages.map((message) => textOf(message.content)).join(" ");
  return { content, usage: { prompt_tokens: tokensOf(prompt), completion_tokens: tokensOf(content) } };
});

await mock.start();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => mock.stop().then(() => process.exit(0)));

function answerTo(asked: string): string {
  const quoted = asked.length > 200 ? `${asked.slice(0, 200)}…` : asked;
  return `Hello from the demo provider! You asked: “${quoted}”. Add your own credential to reach a real model.`;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part) => part?.text ?? "").join(" ") : "";
}

/** Rule of thumb for English: four characters per token. */
const tokensOf = (text: string): number => Math.max(1, Math.ceil(text.length / 4));
