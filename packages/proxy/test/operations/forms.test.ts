import { afterEach, beforeEach, expect, test } from "vitest";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let setup: OperationSetup;
beforeEach(async () => {
  const settings = { bodyBytesMax: 8 * 1024 * 1024 };
  setup = await openOperation({ provider: "openai", upstreamModel: "whisper-1" }, { settings });
  setup.answer({ text: "Hello.", usage: { type: "duration", seconds: 1 } });
});
afterEach(() => setup.close());

const TYPE = "multipart/form-data; boundary=X";

const post = async (body: string | Buffer, type = TYPE) => {
  const response = await fetch(`${setup.url}/v1/audio/transcriptions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": type },
    body: body as BodyInit,
  });
  const { error } = (await response.json()) as { error?: { code: string; param: string | null; message: string } };
  return { status: response.status, code: error?.code, param: error?.param, message: error?.message };
};

const part = (head: string, content: string): string => `--X\r\n${head}\r\n\r\n${content}\r\n`;
const field = (name: string, value: string): string => part(`Content-Disposition: form-data; name="${name}"`, value);
const MODEL = field("model", "small");
const FILE = part('Content-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav', "RIFF");
const END = "--X--\r\n";

test("a form passes", async () => {
  expect((await post(MODEL + FILE + END)).status).toBe(200);
  expect((await post(FILE + MODEL + END, 'multipart/form-data; charset=utf-8; boundary="X"')).status).toBe(200);
});

test("bytes like a boundary in a file, and a large file, pass unchanged", async () => {
  const tricky = Buffer.concat([
    Buffer.from("\r\n--Y\r\n--\r\n\r\n--"),
    Buffer.from(Array.from({ length: 700_000 }, (_, at) => (at % 3 === 0 ? 13 : at % 3 === 1 ? 10 : 45))),
  ]);
  const head = '--X\r\ncontent-disposition: form-data; filename="a.wav"; name="file"\r\n\r\n';
  const form = Buffer.concat([Buffer.from(MODEL + head), tricky, Buffer.from(`\r\n${END}`)]);
  expect((await post(form)).status).toBe(200);
  const { body, headers } = setup.seen[0] as (typeof setup.seen)[number];
  const type = { "content-type": headers["content-type"] ?? "" };
  const read = await new Response(new Uint8Array(body), { headers: type }).formData();
  expect(Buffer.from(await (read.get("file") as File).arrayBuffer()).equals(tricky)).toBe(true);
});

test.each([
  ["two models", MODEL + field("model", "large") + FILE + END, 400, "duplicate_key", "model"],
  [
    "two models, one as a file",
    `${MODEL}${part('Content-Disposition: form-data; name="model"; filename="m"', "x")}${FILE}${END}`,
    400,
    "duplicate_key",
    "model",
  ],
  [
    "a model that is a file",
    part('Content-Disposition: form-data; name="model"; filename="m"', "x") + FILE + END,
    400,
    "invalid_type",
    "model",
  ],
  ["no model", FILE + END, 400, "missing_required_parameter", "model"],
  ["no file", MODEL + END, 400, "missing_required_parameter", "file"],
  ["a file that is a text", MODEL + field("file", "x") + END, 400, "invalid_type", "file"],
  ["no last boundary", MODEL + FILE, 400, "invalid_value", null],
  ["half a boundary", `${MODEL}${FILE}--X`, 400, "invalid_value", null],
  ["another boundary", (MODEL + FILE + END).replaceAll("--X", "--Z"), 400, "invalid_value", null],
  ["an empty body", "", 400, "invalid_value", null],
  [
    "a part without a name",
    MODEL + part("Content-Disposition: form-data", "x") + FILE + END,
    400,
    "invalid_value",
    null,
  ],
  ["a part without headers", `${MODEL}--X\r\n\r\n\r\nx\r\n${FILE}${END}`, 400, "invalid_value", null],
  [
    "two names",
    MODEL + part('Content-Disposition: form-data; name="a"; name="model"', "x") + FILE + END,
    400,
    "invalid_value",
    null,
  ],
  [
    "two dispositions",
    MODEL +
      part('Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="model"', "x") +
      FILE +
      END,
    400,
    "invalid_value",
    null,
  ],
  [
    "a folded header",
    MODEL + part('Content-Disposition: form-data;\r\n name="a"', "x") + FILE + END,
    400,
    "invalid_value",
    null,
  ],
  [
    "an encoded part",
    MODEL + part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64', "x") + FILE + END,
    400,
    "invalid_value",
    null,
  ],
  ["a forbidden field", MODEL + field("api_base", "http://evil") + FILE + END, 400, "forbidden_parameter", "api_base"],
  ["a name of an object's own", MODEL + field("__proto__", "x") + FILE + END, 200, undefined, undefined],
  [
    "headers without end",
    `${MODEL}--X\r\nContent-Disposition: form-data; name="a"; x="${"y".repeat(20_000)}"\r\n\r\nx\r\n${END}`,
    400,
    "invalid_value",
    null,
  ],
  ["too many parts", field("a[]", "x").repeat(10_000) + END, 413, "request_too_large", null],
  [
    "a field that is too long",
    MODEL + field("prompt", "x".repeat(1_048_577)) + FILE + END,
    413,
    "request_too_large",
    null,
  ],
])("%s", async (_, form, status, code, param) => {
  const refusal = await post(form);
  expect(refusal).toMatchObject({ status, code, param });
  if (status !== 200) expect(setup.seen).toEqual([]);
});

test("a name written in two ways reaches the provider in one", async () => {
  const odd = part("CONTENT-DISPOSITION:form-data;NAME=language", "en");
  expect((await post(MODEL + odd + FILE + END)).status).toBe(200);
  expect(setup.seen[0]?.body.toString()).toContain('content-disposition: form-data; name="language"\r\n\r\nen\r\n');
});

test.each([
  ["application/json", 415],
  ["multipart/form-data", 400],
  ["multipart/form-data; boundary=", 400],
  [`multipart/form-data; boundary=${"x".repeat(71)}`, 400],
  ["multipart/mixed; boundary=X", 415],
])("the content type %s is refused", async (type, status) => {
  expect((await post(MODEL + FILE + END, type)).status).toBe(status);
});

test("JSON endpoints take no forms", async () => {
  const response = await fetch(`${setup.url}/v1/embeddings`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": TYPE },
    body: MODEL + END,
  });
  expect(response.status).toBe(415);
});
