import { BadRequestError, NotFoundError, toFile } from "openai";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { credential, id, model, target } from "../setup.ts";
import { type FilesSetup, openFilesSetup } from "./files-setup.ts";

// Files are stored at a provider. Their ids belong to the key that uploaded them.

let setup: FilesSetup;
beforeEach(async () => {
  setup = await openFilesSetup();
});
afterEach(() => setup.close());

const notes = () => toFile(Buffer.from("Some notes"), "notes.txt", { type: "text/plain" });
const create = async (more: object = {}) =>
  setup.openai.files.create({ file: await notes(), purpose: "user_data", ...more });

test("a file is uploaded, read, listed, downloaded and deleted with ids of ours", async () => {
  const made = await create({ expires_after: { anchor: "created_at", seconds: 3_600 } });
  expect(made).toMatchObject({ id: expect.stringMatching(/^file-tg1/), filename: "notes.txt", bytes: 10 });
  expect([...setup.provider.files.values()]).toMatchObject([
    {
      fields: {
        purpose: "user_data",
        "expires_after[anchor]": "created_at",
        "expires_after[seconds]": "3600",
      },
    },
  ]);
  expect(await setup.openai.files.retrieve(made.id)).toEqual(made);
  expect((await setup.openai.files.list()).data).toEqual([made]);
  expect(await (await setup.openai.files.content(made.id)).text()).toBe("Some notes");
  expect(await setup.openai.files.delete(made.id)).toMatchObject({ id: made.id, deleted: true });
  expect(setup.provider.files.size).toBe(0);
  await expect(setup.openai.files.retrieve(made.id)).rejects.toBeInstanceOf(NotFoundError);
  for (const { headers } of setup.provider.requests) expect(headers.authorization).toMatch(/^Bearer sk-provider/);
  expect(setup.events).toEqual([]);
});

test("a browser saves the content of a file and runs nothing of it", async () => {
  const { id: own } = await create();
  const headers = (disposition: string) => ({ "content-type": "text/html", "content-disposition": disposition });
  const kept = async (disposition: string) => {
    setup.provider.script({ status: 200, headers: headers(disposition), body: "<script>1</script>" });
    const { headers: answered } = await setup.get(`/v1/files/${own}/content`);
    expect(answered.get("x-content-type-options")).toBe("nosniff");
    return answered.get("content-disposition");
  };
  expect(await kept("inline")).toBe("attachment");
  expect(await kept('inline; filename="notes.html"; x=1')).toBe('attachment; filename="notes.html"');
});

test("ids of others are unknown before anything is sent: another key's, another organisation's, the provider's own", async () => {
  const { id: own } = await create();
  const other = await openFilesSetup();
  const foreign = await other.openai.files.create({ file: await notes(), purpose: "user_data" });
  await other.close();
  setup.change({}, { id: id() });
  const before = setup.provider.requests.length;
  for (const unknown of [own, foreign.id, "file-stored1", `${own}A`, "file-tg1"]) {
    await expect(setup.openai.files.retrieve(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(setup.openai.files.content(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(setup.openai.files.delete(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(setup.openai.files.list({ after: unknown })).rejects.toBeInstanceOf(NotFoundError);
  }
  expect(setup.provider.requests).toHaveLength(before);
});

test("a list has only the files of the key, whatever others store under such names", async () => {
  const own = [await create(), await create(), await create()];
  const [stored] = setup.provider.files.values();
  setup.provider.add({ filename: "notes.txt" });
  setup.provider.add({
    filename: stored?.filename.replace(/\.(.)/, (_: string, char: string) => `.${char === "A" ? "B" : "A"}`) ?? "",
  });
  setup.change({}, { id: id() });
  await create();
  const all = await Array.fromAsync(setup.openai.files.list({ limit: 2 }));
  expect(all).toHaveLength(1);
  expect(own.map(({ id }) => id)).not.toContain(all[0]?.id);
});

test("a list of many files comes in pages", async () => {
  for (let at = 0; at < 5; at++) await create();
  const page = await setup.openai.files.list({ limit: 2 });
  expect([page.data.length, page.has_more]).toEqual([2, true]);
  expect(await Array.fromAsync(setup.openai.files.list({ limit: 2 }))).toHaveLength(5);
  for (const limit of [0, 10_001])
    await expect(setup.openai.files.list({ limit })).rejects.toMatchObject({ param: "limit" });
});

test("the name of a model decides between several credentials", async () => {
  const [main] = setup.org.credentials;
  const spare = credential(`${setup.provider.url}/v1`, { name: "Spare", sealed: "sk-spare" });
  const models = [model([target(main?.id ?? "")]), model([target(spare.id)], { name: "large" })];
  setup.change({ credentials: [...setup.org.credentials, spare], models });
  await expect(create()).rejects.toMatchObject({ status: 400, param: "x-tollgate-model" });
  const by = (name: string) => ({ headers: { "x-tollgate-model": name } });
  const upload = async (name: string) =>
    setup.openai.files.create({ file: await notes(), purpose: "vision" }, by(name));
  const { id: own } = await upload("large");
  expect(setup.provider.requests.at(-1)?.headers.authorization).toBe("Bearer sk-spare");
  await setup.openai.files.retrieve(own);
  expect(setup.provider.requests.at(-1)?.headers.authorization).toBe("Bearer sk-spare");
  await upload("small");
  expect((await Array.fromAsync(setup.openai.files.list({ limit: 1 }))).length).toBe(2);
  setup.change({}, { deny: ["large"] });
  await expect(upload("large")).rejects.toMatchObject({ status: 403, code: "model_not_allowed" });
  await expect(upload("huge")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  // The key may use only one credential now.
  await create();
  expect(setup.provider.requests.at(-1)?.headers.authorization).toMatch(/^Bearer sk-provider/);
});

test("a list has the files of the credentials that answer, and names the others", async () => {
  const [main] = setup.org.credentials;
  const spare = credential(`${setup.provider.url}/v1`, { name: "Spare", sealed: "sk-spare" });
  const models = [model([target(main?.id ?? "")]), model([target(spare.id)], { name: "large" })];
  setup.change({ credentials: [...setup.org.credentials, spare], models });
  for (const name of ["small", "large"])
    await setup.openai.files.create(
      { file: await notes(), purpose: "vision" },
      { headers: { "x-tollgate-model": name } },
    );
  setup.provider.script({ status: 401, body: "{}" });
  const list = await setup.get("/v1/files");
  const [down] = [main?.id ?? "", spare.id].toSorted();
  expect(list.headers.get("x-tollgate-unanswered")).toBe(`openai/${down}`);
  expect(((await list.json()) as { data: object[] }).data).toHaveLength(1);
  setup.provider.script({ status: 401, body: "{}" }, { status: 500, body: "{}" });
  expect((await setup.get("/v1/files")).status).toBe(502);
  expect((await setup.get("/v1/files")).headers.get("x-tollgate-unanswered")).toBeNull();
});

test("a form that is not one file with a purpose is refused and nothing is sent", async () => {
  const post = (form: FormData) =>
    fetch(`${setup.url}/v1/files`, { method: "POST", headers: { authorization: `Bearer ${setup.key}` }, body: form });
  const form = (...fields: [string, string | File][]) => {
    const made = new FormData();
    for (const [name, value] of fields) made.append(name, value);
    return made;
  };
  const file: [string, File] = ["file", new File(["x"], "x.txt")];
  const refused = async (...fields: [string, string | File][]) => {
    const answer = await post(form(...fields));
    return [answer.status, ((await answer.json()) as { error: { param: string } }).error.param];
  };
  expect(await refused(file)).toEqual([400, "purpose"]);
  expect(await refused(["purpose", "user_data"])).toEqual([400, "file"]);
  expect(await refused(["purpose", "user_data"], ["file", "text"])).toEqual([400, "file"]);
  expect(await refused(file, ["purpose", "user_data"], ["more", "1"])).toEqual([400, "more"]);
  expect(await refused(file, ["purpose", "user_data"], ["x[base_url]", "http://x"])).toEqual([400, "x[base_url]"]);
  expect(await refused(file, file, ["purpose", "user_data"])).toEqual([400, "file"]);
  expect(await refused(file, ["purpose", "User data"])).toEqual([400, "purpose"]);
  const json = await setup.postTo("/v1/files", {});
  expect(json.status).toBe(415);
  const large = await post(form(["file", new File([Buffer.alloc(2 * 1024 * 1024)], "x")], ["purpose", "vision"]));
  expect(large.status).toBe(413);
  expect(setup.provider.requests).toEqual([]);
});

test("the provider's refusal passes on, its fault is ours, and its secret never arrives", async () => {
  const { id: own } = await create();
  const error = JSON.stringify({ error: { message: "Too old.", type: "x", param: null, code: null } });
  setup.provider.script({ status: 400, body: error }, { status: 401, body: error }, { status: 200, body: "[1]" });
  await expect(setup.openai.files.retrieve(own)).rejects.toBeInstanceOf(BadRequestError);
  await expect(setup.openai.files.retrieve(own)).rejects.toMatchObject({ status: 502, code: "upstream_auth_error" });
  await expect(setup.openai.files.retrieve(own)).rejects.toMatchObject({ status: 502, code: "bad_upstream_response" });
  const refused = vi.spyOn(setup.ports.tokens, "refused");
  setup.provider.script({ status: 401, body: error });
  await expect(setup.openai.files.content(own)).rejects.toMatchObject({ status: 502, code: "upstream_auth_error" });
  expect(refused).toHaveBeenCalledOnce();
  setup.provider.script({ status: 404, body: error });
  await expect(setup.openai.files.content(own)).rejects.toBeInstanceOf(NotFoundError);
  setup.provider.script({ status: 200, body: `a ${"sk-provider-secret-canary"} b` });
  expect(await (await setup.openai.files.content(own)).text()).toBe("a [secret] b");
  setup.provider.script({ status: 200, body: "the first half", breaks: true });
  await expect(setup.openai.files.content(own).then((answer) => answer.text())).rejects.toThrow();
});

test("files are served below every prefix of OpenAI's clients, and only with their methods", async () => {
  const { id: own } = await create();
  for (const prefix of ["/openai/v1", "/openai"]) expect((await setup.get(`${prefix}/files/${own}`)).status).toBe(200);
  const ask = (method: string, path: string) =>
    fetch(`${setup.url}${path}`, { method, headers: { authorization: `Bearer ${setup.key}` } });
  const methods = await Promise.all([ask("PUT", "/v1/files"), ask("POST", `/v1/files/${own}`)]);
  expect(methods.map(({ status, headers }) => [status, headers.get("allow")])).toEqual([
    [405, "POST, GET, HEAD, OPTIONS"],
    [405, "GET, HEAD, DELETE, OPTIONS"],
  ]);
  expect((await ask("GET", `/v1/files/${own}/text`)).status).toBe(404);
});

test("a provider whose address is not allowed ends a call at once; the header chooses another for the list", async () => {
  const able = setup.org.credentials[0] ?? expect.unreachable();
  const refused = credential("http://10.0.0.1/v1");
  setup.change({
    credentials: [able, refused],
    models: [model([target(able.id)]), model([target(refused.id)], { name: "other" })],
  });
  const made = await create({}).catch((error: unknown) => error);
  expect(made).toBeInstanceOf(BadRequestError);
  const list = await setup.get("/v1/files");
  expect([list.status, list.headers.get("x-tollgate-unanswered")]).toEqual([
    200,
    expect.stringMatching(/^openai\/[^,]+$/),
  ]);
  const headers = { "x-tollgate-model": "small" };
  expect((await setup.openai.files.list({}, { headers })).data).toEqual([]);
});
