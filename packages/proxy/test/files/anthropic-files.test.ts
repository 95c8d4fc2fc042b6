import Anthropic, { NotFoundError, toFile } from "@anthropic-ai/sdk";
import { afterEach, beforeEach, expect, test } from "vitest";
import { credential, id, model, target } from "../setup.ts";
import { type FilesSetup, openFilesSetup } from "./files-setup.ts";

// Anthropic's files are at the same path as OpenAI's. Its clients are known by their path or by a header.

const MESSAGE = {
  ...{ id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-4-6", stop_reason: "end_turn" },
  content: [
    { type: "text", text: "Done" },
    {
      ...{ type: "bash_code_execution_tool_result", tool_use_id: "srvtoolu_1" },
      content: {
        ...{ type: "bash_code_execution_result", stdout: "", stderr: "", return_code: 0 },
        content: [{ type: "bash_code_execution_output", file_id: "file_made" }],
      },
    },
  ],
  container: { id: "container_1", expires_at: "2026-12-01T00:00:00Z" },
  usage: { input_tokens: 1, output_tokens: 1 },
};

let setup: FilesSetup;
let anthropic: Anthropic;
beforeEach(async () => {
  setup = await openFilesSetup({}, ({ path }) => (path.startsWith("/v1/messages") ? { body: MESSAGE } : null));
  const main = credential(`${setup.provider.url}/v1`, { provider: "anthropic" });
  setup.change({ credentials: [main], models: [model([target(main.id, { upstreamModel: "claude-sonnet-4-6" })])] });
  anthropic = new Anthropic({ baseURL: setup.url, apiKey: setup.key, maxRetries: 0 });
});
afterEach(() => setup.close());

const upload = async () =>
  anthropic.files.upload({ file: await toFile(Buffer.from("Some notes"), "notes.txt", { type: "text/plain" }) });

test("a file is uploaded, read, listed, downloaded and deleted with ids of ours", async () => {
  const made = await upload();
  expect(made).toMatchObject({ id: expect.stringMatching(/^file-tg1/), filename: "notes.txt" });
  expect(setup.provider.requests[0]?.headers).toMatchObject({
    ...{ "x-api-key": expect.any(String), "anthropic-version": expect.any(String) },
    "anthropic-beta": "files-api-2025-04-14",
  });
  expect(await anthropic.files.retrieveMetadata(made.id)).toEqual(made);
  expect(await (await anthropic.files.download(made.id)).text()).toBe("Some notes");
  const second = await upload();
  const ids = [];
  for await (const file of anthropic.files.list({ limit: 1 })) ids.push(file.id);
  expect(ids).toEqual([made.id, second.id]);
  const other = new Anthropic({ baseURL: `${setup.url}/anthropic`, apiKey: setup.key, maxRetries: 0 });
  expect((await other.files.list()).data).toHaveLength(2);
  await anthropic.files.delete(made.id);
  await expect(anthropic.files.retrieveMetadata(made.id)).rejects.toBeInstanceOf(NotFoundError);
  const listed = await setup.get("/v1/files?ids=x", { "anthropic-version": "2023-06-01" });
  expect([listed.status, await listed.json()]).toMatchObject([400, { error: { param: "ids" } }]);
});

test("a message names a file, and the answer's files and container have ids that the next one may name", async () => {
  const { id: own } = await upload();
  const document = (file_id: string) => ({ type: "document", source: { type: "file", file_id } });
  const say = (...content: object[]) =>
    anthropic.messages.create({
      ...{ model: "small", max_tokens: 9, messages: [{ role: "user", content: content as never }] },
    });
  const answer = await say(document(own));
  expect(setup.provider.requests.at(-1)?.body.toString()).toContain('"file_id":"file-stored1"');
  const text = JSON.stringify(answer);
  expect(text).not.toMatch(/file_made|container_1/);
  const [, made] = /"file_id":"(file-tg1[^"]+)"/.exec(text) ?? [];
  await say({ type: "container_upload", file_id: made });
  expect(setup.provider.requests.at(-1)?.body.toString()).toContain('"file_id":"file_made"');
  const next = { model: "small", max_tokens: 9, container: answer.container?.id };
  const history = [
    { role: "assistant", content: answer.content },
    { role: "user", content: "Go on" },
  ];
  await anthropic.messages.create({ ...next, messages: history } as never);
  const sent = setup.provider.requests.at(-1)?.body.toString();
  expect(sent).toContain('"container":"container_1"');
  expect(sent).toContain('"file_id":"file_made"');
  setup.change({}, { id: id() });
  await expect(say(document(own))).rejects.toBeInstanceOf(NotFoundError);
});

test("a file of one provider is unknown at the path of another", async () => {
  const { id: own } = await upload();
  const before = setup.provider.requests.length;
  expect((await setup.get(`/v1/files/${own}`)).status).toBe(404);
  expect((await setup.get(`/openai/v1/files/${own}/content`)).status).toBe(404);
  expect(setup.provider.requests).toHaveLength(before);
});
