import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import type { MessageParam } from "@anthropic-ai/sdk/resources/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import { credential, model, openSetup, type Setup, target } from "../setup.ts";

interface Content {
  role: string;
  parts: Record<string, unknown>[];
}

const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 5, thoughtsTokenCount: 40, totalTokenCount: 57 };
const said = (parts: object[], finishReason?: string) => ({
  candidates: [{ content: { role: "model", parts }, ...(finishReason && { finishReason }), index: 0 }],
  usageMetadata,
  modelVersion: "gemini-3-pro-preview",
  responseId: "r1",
});

let server: Server;
let setup: Setup;
let anthropic: Anthropic;
let sent: { contents: Content[]; [name: string]: unknown }[];
let answers: (object | object[])[];

beforeEach(async () => {
  sent = [];
  answers = [];
  server = createServer(async (request, response) => {
    sent.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    const answer = answers.shift() ?? said([{ text: "Hi." }], "STOP");
    const isStream = Array.isArray(answer);
    response.writeHead(200, { "content-type": isStream ? "text/event-stream" : "application/json" });
    response.end(
      isStream ? answer.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join("") : JSON.stringify(answer),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const main = credential(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1beta`, { provider: "google" });
  const models = [model([target(main.id, { upstreamModel: "gemini-3-pro-preview" })])];
  setup = await openSetup({ org: { credentials: [main], models } });
  anthropic = new Anthropic({ baseURL: setup.url, apiKey: setup.key, maxRetries: 0 });
});
afterEach(async () => {
  await setup.close();
  server.close();
});

const tools = [{ name: "weather", input_schema: { type: "object" as const } }];
const ask = (messages: MessageParam[]) => ({ model: "small", max_tokens: 9_000, messages, tools });

/** Ten turns of a model that thinks, then calls a tool with a signature that it must get back. */
test.each([[false], [true]])(
  "signatures of thoughts and of calls survive ten turns; streamed: %s",
  async (streamed) => {
    const messages: MessageParam[] = [{ role: "user", content: "Hi" }];
    const thinking = { type: "enabled" as const, budget_tokens: 2_048 };
    for (let turn = 0; turn < 10; turn++) {
      const thought = { text: `Thought ${turn}.`, thought: true, thoughtSignature: `dGhvdWdodA${turn}` };
      const called = { functionCall: { name: "weather", args: { turn } }, thoughtSignature: `Y2FsbA${turn}` };
      answers.push(streamed ? [said([thought]), said([called], "STOP")] : said([thought, called], "STOP"));
      const stream = streamed ? anthropic.messages.stream({ ...ask(messages), thinking }) : null;
      const answer = stream
        ? await stream.finalMessage()
        : await anthropic.messages.create({ ...ask(messages), thinking });
      expect(answer.stop_reason).toBe("tool_use");
      expect(answer.content).toMatchObject([
        { type: "thinking", thinking: `Thought ${turn}.`, signature: expect.stringMatching(/^tgm1\../) },
        { type: "tool_use", name: "weather", input: { turn } },
      ]);
      const [, call] = answer.content;
      const id = call?.type === "tool_use" ? call.id : "";
      messages.push(
        { role: "assistant", content: answer.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: `Result ${turn}` }] },
      );
    }
    await anthropic.messages.create(ask(messages));
    const turns = sent.at(-1)?.contents.filter(({ role }) => role === "model") ?? [];
    expect(turns).toHaveLength(10);
    for (const [turn, { parts }] of turns.entries()) {
      expect(parts).toMatchObject([
        { text: `Thought ${turn}.`, thought: true, thoughtSignature: `dGhvdWdodA${turn}` },
        { functionCall: { name: "weather", args: { turn } }, thoughtSignature: `Y2FsbA${turn}` },
      ]);
    }
    expect(JSON.stringify(sent.at(-1))).not.toContain("tgm1");
    expect(sent[0]).toMatchObject({
      generationConfig: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2_048 } },
    });
  },
);

test("usage, text and stop reason", async () => {
  const answer = await anthropic.messages.create(ask([{ role: "user", content: "Hi" }]));
  expect(answer).toMatchObject({
    content: [{ type: "text", text: "Hi." }],
    stop_reason: "end_turn",
    usage: { input_tokens: 12, output_tokens: 45, output_tokens_details: { thinking_tokens: 40 } },
  });
  expect(setup.events[0]?.use).toMatchObject({ input: 12, output: 45, reasoning: 40 });
});

test("images and PDFs, also in tool results; errors of tools", async () => {
  const source = { type: "base64" as const, media_type: "image/png" as const, data: "aGk=" };
  const pdf = { type: "base64" as const, media_type: "application/pdf" as const, data: "JVBERg==" };
  await anthropic.messages.create(
    ask([
      {
        role: "user",
        content: [
          { type: "image", source },
          { type: "document", source: pdf },
        ],
      },
      {
        role: "assistant",
        content: [1, 2].map((at) => ({ type: "tool_use", id: `t${at}`, name: "weather", input: {} })),
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "t1",
            content: [
              { type: "text", text: "See" },
              { type: "image", source },
            ],
          },
          { type: "tool_result", tool_use_id: "t2", content: "No such city", is_error: true },
        ],
      },
    ]),
  );
  const [user, , result] = sent[0]?.contents ?? [];
  expect(user?.parts).toEqual([
    { inlineData: { mimeType: "image/png", data: "aGk=" } },
    { inlineData: { mimeType: "application/pdf", data: "JVBERg==" } },
  ]);
  const text = JSON.stringify(result?.parts);
  expect(text).toContain('"data":"aGk="');
  expect(text).toContain('"error":"No such city"');
});

test("a picture by its address goes to Google, which fetches it", async () => {
  const image = { type: "image" as const, source: { type: "url" as const, url: "https://example.com/a.webp" } };
  await anthropic.messages.create(ask([{ role: "user", content: [image] }]));
  expect(sent[0]?.contents[0]?.parts).toEqual([
    { fileData: { mimeType: "image/webp", fileUri: "https://example.com/a.webp" } },
  ]);
});
