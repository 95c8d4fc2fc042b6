import { toFile } from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { events, response } from "../responses/responses-setup.ts";
import { credential, id, model, target } from "../setup.ts";
import { PLACES, user } from "./file-places.ts";
import { type FilesSetup, jsonl, line, openFilesSetup } from "./files-setup.ts";

// Calls name files by the ids that the gateway gave. The provider gets its own ids, and only the provider that has the file gets the call.

const CHAT = {
  ...{ id: "c", object: "chat.completion", created: 1, model: "gpt-4o-mini" },
  choices: [{ index: 0, message: { role: "assistant", content: "Yes" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

let setup: FilesSetup;
/** The provider's answer to a request to `/v1/responses`. */
let answer: object | string;
beforeEach(async () => {
  answer = response({ output: [] });
  setup = await openFilesSetup({}, ({ path }) => ({ body: path.endsWith("/responses") ? answer : CHAT }));
});
afterEach(() => setup.close());

const upload = async (headers: Record<string, string> = {}, purpose = "user_data") => {
  const file = await toFile(Buffer.from("Some notes"), "notes.txt", { type: "text/plain" });
  return (await setup.openai.files.create({ file, purpose: purpose as "user_data" }, { headers })).id;
};
const sent = () => setup.provider.requests.at(-1)?.body.toString() ?? "";
test.each(PLACES)("%s: an id of the key becomes the provider's, and others are unknown", async (path, body, param) => {
  setup.change({ models: [model([target(setup.org.credentials[0]?.id ?? "", { upstreamModel: "gpt-4o-mini" })])] });
  const own = await upload();
  const before = setup.provider.requests.length;
  for (const unknown of ["file-stored1", `${own}x`, "file-tg1"]) {
    const refused = await setup.postTo(path, { model: "small", max_output_tokens: 20, ...body(unknown) });
    expect([refused.status, await refused.json()]).toMatchObject([404, { error: { code: "not_found", param } }]);
  }
  expect(setup.provider.requests).toHaveLength(before);
  await setup.postTo(path, { model: "small", ...body(own) });
  expect(setup.provider.requests.length).toBeGreaterThan(before);
  expect(sent()).toContain('"file-stored1"');
  expect(sent()).not.toContain("file-tg1");
});

test.each<[string, (id: string) => object, string]>([
  [
    "/v1/messages",
    (file_id) => ({ messages: user({ type: "document", source: { type: "file", file_id } }) }),
    "messages[0].content[0].source.file_id",
  ],
  [
    "/v1/messages",
    (file_id) => ({
      messages: user({
        ...{ type: "tool_result", tool_use_id: "t" },
        content: [{ type: "image", source: { type: "file", file_id } }],
      }),
    }),
    "messages[0].content[0].content[0].source.file_id",
  ],
  [
    "/v1/messages",
    (file_id) => ({ messages: user({ type: "container_upload", file_id }) }),
    "messages[0].content[0].file_id",
  ],
  ["/v1/messages", (container) => ({ container, messages: user({ type: "text", text: "x" }) }), "container"],
  [
    "/v1/messages/count_tokens",
    (file_id) => ({ messages: user({ type: "document", source: { type: "file", file_id } }) }),
    "messages[0].content[0].source.file_id",
  ],
])("%s: an id that the gateway did not give is unknown", async (path, body, param) => {
  const refused = await setup.postTo(path, { model: "small", max_tokens: 9, ...body("file_011") });
  expect([refused.status, JSON.stringify(await refused.json())]).toEqual([404, expect.stringContaining(param)]);
  expect(setup.provider.requests).toEqual([]);
});

test.each([
  [{ fileData: { fileUri: "https://generativelanguage.googleapis.com/v1beta/files/abc" } }, 404],
  [{ file_data: { file_uri: "files/abc" } }, 404],
  [{ functionResponse: { name: "f", response: {}, parts: [{ fileData: { fileUri: "files/abc" } }] } }, 404],
  [{ fileData: { mimeType: "video/mp4", fileUri: "https://www.youtube.com/watch?v=1" } }, 400],
])("Google: a file of a project is unknown, another address is not an id: %j", async (part, status) => {
  for (const parts of [[{ text: "x" }, part], part]) {
    const made = await setup.postTo("/v1beta/models/small:generateContent", { contents: [{ role: "user", parts }] });
    expect(made.status).toBe(status);
  }
  expect(setup.provider.requests).toEqual([]);
});

test("names of fields may be written with escapes", async () => {
  const body =
    '{"model":"small","messages":[{"role":"user","content":[{"type":"file","file":{"\\u0066ile_id":"file-x"}}]}]}';
  const refused = await fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body,
  });
  expect(refused.status).toBe(404);
  expect(setup.provider.requests).toEqual([]);
});

test("only the target whose credential has the file gets the call", async () => {
  const [main] = setup.org.credentials;
  const spare = credential(`${setup.provider.url}/v1`, { name: "Spare", sealed: "sk-spare" });
  const both = model([target(spare.id, { priority: 0 }), target(main?.id ?? "", { priority: 1 })]);
  const other = model([target(spare.id)], { name: "other" });
  const mine = model([target(main?.id ?? "")], { name: "mine" });
  setup.change({ credentials: [...setup.org.credentials, spare], models: [both, other, mine] });
  const own = await upload({ "x-tollgate-model": "mine" });
  const theirs = await upload({ "x-tollgate-model": "other" });
  const ask = (name: string, ...ids: string[]) =>
    setup.postTo("/v1/chat/completions", {
      model: name,
      messages: user(...ids.map((file_id) => ({ type: "file", file: { file_id } }))),
    });
  expect((await ask("small", own)).status).toBe(200);
  expect(setup.provider.requests.at(-1)?.headers.authorization).toMatch(/^Bearer sk-provider/);
  expect((await ask("small", theirs)).status).toBe(200);
  expect(setup.provider.requests.at(-1)?.headers.authorization).toBe("Bearer sk-spare");
  const before = setup.provider.requests.length;
  for (const refused of [await ask("other", own), await ask("small", own, theirs)]) {
    expect(refused.status).toBe(400);
    expect((await refused.json()) as object).toMatchObject({
      error: { code: "invalid_value", param: expect.stringMatching(/^messages\[0\]\.content\[\d\]\.file\.file_id$/) },
    });
  }
  setup.change({}, { id: id() });
  expect((await ask("small", own)).status).toBe(404);
  expect(setup.provider.requests).toHaveLength(before);
});

test("bytes of a call without ids pass as they are", async () => {
  const text =
    '{"model":"gpt-4o-mini", "n":1.0,  "messages":[{"role":"user","content":[{"type":"text","text":"file_id"}]}]}';
  setup.change({ models: [model([target(setup.org.credentials[0]?.id ?? "")], { name: "gpt-4o-mini" })] });
  await fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: text,
  });
  expect(sent()).toBe(text);
});

const ANNOTATIONS = [
  { type: "file_citation", file_id: "file-stored1", index: 1, filename: "notes.txt" },
  { type: "file_citation", file_id: "file-of-a-store", index: 2, filename: "x" },
  { type: "container_file_citation", container_id: "cntr_1", file_id: "cfile_1", filename: "plot.png" },
];

const OUTPUT = [
  {
    ...{ type: "message", id: "msg_1", role: "assistant", status: "completed" },
    content: [
      {
        ...{ type: "output_text", text: 'See "file_id"' },
        annotations: ANNOTATIONS,
      },
    ],
  },
  { type: "code_interpreter_call", id: "ci_1", status: "completed", code: "x", container_id: "cntr_1", outputs: null },
];

/** The ids that an answer's output has. */
function idsIn(output: unknown) {
  const [message, code] = output as [
    { content: [{ annotations: { file_id: string; container_id?: string }[] }] },
    { container_id: string },
  ];
  const [own, cited, made] = message.content[0].annotations;
  return {
    own: own?.file_id,
    cited: cited?.file_id,
    made: made?.file_id,
    container: made?.container_id,
    code: code.container_id,
  };
}

test("ids in an answer are ours, and the next call may repeat them", async () => {
  const own = await upload();
  answer = response({ output: OUTPUT });
  const first = { model: "small", input: user({ type: "input_file", file_id: own }) };
  const { output } = await setup.openai.responses.create(first as never);
  const ids = idsIn(output);
  expect(ids.own).toBe(own);
  for (const text of [ids.cited, ids.made]) expect(text).toMatch(/^file-tg1/);
  expect(ids.container).toMatch(/^cntr_tg1/);
  expect(ids.code).toBe(ids.container);
  expect(JSON.stringify(output)).toContain('See \\"file_id\\"');
  // What only an answer named can be used, and neither read nor deleted.
  await expect(setup.openai.files.delete(ids.cited ?? "")).rejects.toMatchObject({ status: 404 });
  await setup.openai.responses.create({ model: "small", input: [...first.input, ...output] } as never);
  expect(JSON.parse(sent())).toMatchObject({ input: [{ content: [{ file_id: "file-stored1" }] }, ...OUTPUT] });
  await setup.openai.responses.create({
    ...{ model: "small", input: user({ type: "input_file", file_id: ids.cited }) },
    tools: [{ type: "code_interpreter", container: ids.container }],
  } as never);
  expect(JSON.parse(sent())).toMatchObject({
    input: [{ content: [{ file_id: "file-of-a-store" }] }],
    tools: [{ container: "cntr_1" }],
  });
});

test("files that a model's code has made are listed and downloaded by the ids of the answer", async () => {
  answer = response({ output: OUTPUT });
  const { output } = await setup.openai.responses.create({ model: "small", input: "Plot it" });
  const { made = "", container = "", cited = "" } = idsIn(output);
  const object = { id: "cfile_1", object: "container.file", container_id: "cntr_1", path: "/mnt/data/plot.png" };
  const json = (body: object) => ({ status: 200, body: JSON.stringify(body) });
  setup.provider.script(json(object), json({ data: [object], has_more: true }), json({ data: [] }), {
    ...{ status: 200, headers: { "content-type": "image/png" } },
    body: "png",
  });
  const own = { ...object, id: made, container_id: container };
  expect(await setup.openai.containers.files.retrieve(made, { container_id: container })).toEqual(own);
  const page = await setup.openai.containers.files.list(container, { limit: 1 });
  expect(page.data).toEqual([own]);
  expect((await page.getNextPage()).data).toEqual([]);
  const content = await setup.openai.containers.files.content.retrieve(made, { container_id: container });
  expect(await content.text()).toBe("png");
  expect(setup.provider.requests.slice(-4).map(({ path }) => path)).toEqual([
    "/v1/containers/cntr_1/files/cfile_1",
    "/v1/containers/cntr_1/files?limit=1",
    "/v1/containers/cntr_1/files?limit=1&after=cfile_1",
    "/v1/containers/cntr_1/files/cfile_1/content",
  ]);
  const before = setup.provider.requests.length;
  for (const path of [`cntr_1/files`, `${container}/files/cfile_1/content`, `${made}/files`, `${container}/files/x`])
    expect((await setup.get(`/v1/containers/${path}`)).status).toBe(404);
  setup.change({}, { id: id() });
  expect((await setup.get(`/v1/containers/${container}/files/${cited}/content`)).status).toBe(404);
  expect(setup.provider.requests).toHaveLength(before);
});

test("the events of a stream have the same ids, and repeated citations of others are left as they are", async () => {
  const own = await upload();
  const [message] = OUTPUT;
  const head = response({ status: "in_progress" });
  answer = events(
    { type: "response.created", response: head },
    { type: "response.output_item.added", output_index: 0, item: { ...message, content: [] } },
    { type: "response.output_text.delta", output_index: 0, delta: "See" },
    ...ANNOTATIONS.map((annotation) => ({
      type: "response.output_text.annotation.added",
      annotation,
    })),
    { type: "response.output_item.done", output_index: 0, item: message },
    { type: "response.completed", response: response({ output: OUTPUT }) },
  );
  setup.provider.script({ status: 200, headers: { "content-type": "text/event-stream" }, body: answer as string });
  const stream = await setup.postTo("/v1/responses", {
    ...{ model: "small", stream: true, input: user({ type: "input_file", file_id: own }) },
  });
  const text = await stream.text();
  expect(text).not.toMatch(/file-stored1|file-of-a-store|cfile_1|"cntr_1"/);
  expect(text.split(own).length - 1).toBe(3);
  answer = response();
  const repeated = {
    role: "assistant",
    content: [{ type: "output_text", text: "x", annotations: [{ file_id: "file-x" }] }],
  };
  expect((await setup.postTo("/v1/responses", { model: "small", input: [repeated] })).status).toBe(200);
  expect(sent()).toContain('"file-x"');
});

test("a batch's lines name files too", async () => {
  const own = await upload();
  const lineWith = (file_id: string) => line({}, { messages: user({ type: "file", file: { file_id } }) });
  const store = (text: string) => setup.openai.files.create({ file: jsonl(text), purpose: "batch" });
  await expect(store(lineWith("file-stored1"))).rejects.toMatchObject({
    ...{ status: 404, param: "body.messages[0].content[0].file.file_id", message: expect.stringContaining("Line 1") },
  });
  await store(lineWith(own));
  expect([...setup.provider.files.values()].at(-1)?.content.toString()).toContain('"file_id":"file-stored1"');
});
