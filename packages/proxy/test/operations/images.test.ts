import OpenAI, { toFile } from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { guardrail } from "../guardrails/guardrail.ts";
import { limit } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const GPT_IMAGE = { provider: "openai", upstreamModel: "gpt-image-1" };
const DALL_E = { provider: "openai", upstreamModel: "dall-e-3" };
const DALL_E_PRICE = {
  ...DALL_E,
  inputPerMillion: "0",
  outputPerMillion: "0",
  units: { images: "40", imagesLarge: "80", imagesHd: "80", imagesHdLarge: "120" },
  version: "own-1",
  fromMs: 0,
};
const usd = (amount: bigint) => limit({ unit: "usd", window: "month", amount });
const USAGE = {
  input_tokens: 50,
  output_tokens: 4_160,
  total_tokens: 4_210,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
};

async function open(...[at = GPT_IMAGE, options]: Partial<Parameters<typeof openOperation>>): Promise<OpenAI> {
  setup = await openOperation(at, options);
  return new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
}

test("tokens of gpt-image are charged to the nano-dollar", async () => {
  const client = await open(GPT_IMAGE, { org: { limits: [usd(10n ** 9n)] } });
  setup.answer({ created: 1, data: [{ b64_json: "aGVsbG8=" }], usage: USAGE });
  const { data } = await client.images.generate({ model: "small", prompt: "an otter", size: "1024x1024", user: "ada" });
  expect(data?.[0]?.b64_json).toBe("aGVsbG8=");
  expect(setup.seen[0]).toMatchObject({
    path: "/images/generations",
    json: { model: "gpt-image-1", prompt: "an otter", size: "1024x1024" },
  });
  // 10 text × $5 + 40 image × $10 + 4,160 × $40, a million
  expect(setup.events[0]).toMatchObject({
    surface: "images",
    endUser: "ada",
    use: { input: 50, imageInput: 40, output: 4_160, imageOutput: 4_160, images: 1 },
    costNano: "166850000",
    flags: [],
  });
  expect(Number(setup.events[0]?.heldNano)).toBeGreaterThan(166_850_000);
});

describe("a model that is charged by image", () => {
  test.each([
    [{ size: "1024x1024", quality: "standard" }, 40_000_000n],
    [{ size: "1792x1024", quality: "standard" }, 80_000_000n],
    [{ size: "1024x1024", quality: "hd" }, 80_000_000n],
    [{ size: "1024x1792", quality: "hd" }, 120_000_000n],
  ] as const)("%j", async (asked, price) => {
    const client = await open(DALL_E, { org: { prices: [DALL_E_PRICE], limits: [usd(10n ** 9n)] } });
    setup.answer({ created: 1, data: [{ url: "https://images.example/1" }, { url: "https://images.example/2" }] });
    await client.images.generate({ model: "small", prompt: "an otter", n: 2, ...asked });
    const both = String(2n * price);
    expect(setup.events[0]).toMatchObject({ costNano: both, heldNano: both, source: "provider", flags: [] });
    expect(setup.events[0]?.use).toMatchObject({ input: 0, output: 0, images: 2 });
    expect(await setup.ports.metrics.text()).toMatch(/tollgate_units_total\{[^}]*unit="images"\} 2/);
    // If the process is killed, the ledger gets this.
    expect(setup.dispatched[0]?.event).toMatchObject({ costNano: both, use: { images: 2 } });
  });

  test("is held at the most expensive size and quality if the provider chooses", async () => {
    const client = await open(DALL_E, { org: { prices: [DALL_E_PRICE], limits: [usd(119_999_999n)] } });
    const call = client.images.generate({ model: "small", prompt: "an otter" });
    await expect(call).rejects.toMatchObject({ code: "budget_exceeded" });
  });

  test("is refused under a dollar limit if it has no price", async () => {
    const client = await open(DALL_E, { org: { limits: [usd(10n ** 12n)] } });
    const call = client.images.generate({ model: "small", prompt: "an otter" });
    await expect(call).rejects.toMatchObject({ status: 400, code: "model_not_priced" });
  });
});

test("tokens that are not reported are charged as held", async () => {
  const client = await open(GPT_IMAGE, { org: { limits: [usd(10n ** 9n)] } });
  setup.answer({ created: 1, data: [{ b64_json: "aGVsbG8=" }] });
  await client.images.generate({ model: "small", prompt: "an otter" });
  expect(setup.events[0]).toMatchObject({ source: "estimated", use: { images: 1 } });
  expect(setup.events[0]?.flags).toContain("usage_missing");
  expect(setup.events[0]?.use.output).toBeGreaterThan(6_000);
});

test("a large answer passes as its bytes, and its usage is read", async () => {
  await open();
  const image = "A".repeat(3_000_000);
  const bytes = Buffer.from(JSON.stringify({ created: 1, data: [{ b64_json: image }], usage: USAGE }));
  setup.answer({ body: bytes });
  const response = await fetch(`${setup.url}/v1/images/generations`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "small", prompt: "an otter" }),
  });
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  expect(setup.events[0]).toMatchObject({ use: { output: 4_160, images: 1 }, costNano: "166850000" });
});

test("a stream of partial images of some megabytes passes, and its last event is charged", async () => {
  const client = await open();
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, b64_json: "A".repeat(2_000_000), ...fields })}\n\n`;
  const frames = [
    event("image_generation.partial_image", { partial_image_index: 0 }),
    event("image_generation.completed", { usage: USAGE }),
  ];
  setup.answer({ headers: { "content-type": "text/event-stream" }, body: Buffer.from(frames.join("")) });
  const stream = await client.images.generate({ model: "small", prompt: "an otter", stream: true, partial_images: 1 });
  const seen: string[] = [];
  for await (const { type, b64_json } of stream) seen.push(`${type} ${b64_json.length}`);
  expect(seen).toEqual(["image_generation.partial_image 2000000", "image_generation.completed 2000000"]);
  expect(setup.events[0]).toMatchObject({ costNano: "166850000", outcome: "complete", source: "provider" });
});

test("a stream that ends before its image is charged as held", async () => {
  const client = await open(GPT_IMAGE, { org: { limits: [usd(10n ** 9n)] } });
  const data = JSON.stringify({ type: "image_generation.partial_image", b64_json: "AAAA" });
  setup.answer({ headers: { "content-type": "text/event-stream" }, body: Buffer.from(`data: ${data}\n\n`) });
  const stream = await client.images.generate({ model: "small", prompt: "an otter", stream: true });
  await expect(
    (async () => {
      for await (const _ of stream);
    })(),
  ).rejects.toThrow();
  const [event] = setup.events;
  expect(event).toMatchObject({ outcome: "failed", source: "estimated", use: { output: 7_240, images: 1 } });
});

describe("edits", () => {
  const file = (bytes: Buffer, name: string) => toFile(bytes, name, { type: "image/png" });
  const pixels = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7919) % 256));

  test("the images of a form pass unchanged, with the provider's model name", async () => {
    const client = await open(GPT_IMAGE, { org: { limits: [usd(10n ** 9n)] } });
    setup.answer({ created: 1, data: [{ b64_json: "aGVsbG8=" }], usage: USAGE });
    await client.images.edit({
      model: "small",
      prompt: "add a hat",
      image: [await file(pixels, "a.png"), await file(Buffer.from("b"), 'b".png')],
      n: 1,
    });
    const { path, headers, body } = setup.seen[0] as (typeof setup.seen)[number];
    expect(path).toBe("/images/edits");
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": headers["content-type"] ?? "" },
    }).formData();
    expect([form.get("model"), form.get("prompt"), form.get("n")]).toEqual(["gpt-image-1", "add a hat", "1"]);
    const [first, second] = form.getAll("image[]") as File[];
    expect(Buffer.from((await first?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(pixels)).toBe(true);
    expect([first?.type, second?.name]).toEqual(["image/png", 'b".png']);
    expect(setup.events[0]).toMatchObject({ surface: "image-edits", costNano: "166850000" });
  });

  test.each([
    ["openai", { images: [{ image_url: `data:image/png;base64,${"A".repeat(300_000)}` }] }],
    ["xai", { image: { type: "image_url", url: "https://images.example/1" } }],
  ])("%s: images in JSON", async (provider, images) => {
    await open(
      { provider, upstreamModel: "gpt-image-1" },
      { org: { limits: [limit({ unit: "tokens", amount: 20_000n })] } },
    );
    setup.answer({ created: 1, data: [{ b64_json: "aGVsbG8=" }], usage: USAGE });
    const edit = (body: object) =>
      fetch(`${setup.url}/v1/images/edits`, {
        method: "POST",
        headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "small", prompt: "add a hat", ...body }),
      });
    expect((await edit(images)).status).toBe(200);
    expect(setup.seen[0]).toMatchObject({ path: "/images/edits", json: { model: "gpt-image-1", ...images } });
    for (const wrong of [{}, { image: "x" }, { images: [] }, { images: ["x"] }]) {
      expect((await edit(wrong)).status).toBe(400);
    }
  });

  test("guardrails redact the prompt in a form", async () => {
    const rule = guardrail({ patterns: ["secret"], action: "redact" });
    const client = await open(GPT_IMAGE, { org: { guardrails: [rule] } });
    setup.answer({ created: 1, data: [{ b64_json: "aGVsbG8=" }], usage: USAGE });
    await client.images.edit({ model: "small", prompt: "a secret hat", image: await file(pixels, "a.png") });
    expect(setup.seen[0]?.body.includes("secret hat")).toBe(false);
    expect(setup.seen[0]?.body.includes(pixels)).toBe(true);
    setup.change({ guardrails: [{ ...rule, action: "block" }] });
    const blocked = client.images.edit({ model: "small", prompt: "a secret", image: await file(pixels, "a.png") });
    await expect(blocked).rejects.toMatchObject({ code: "guardrail_blocked" });
  });
});

test("guardrails read the prompt", async () => {
  const client = await open(GPT_IMAGE, { org: { guardrails: [guardrail({ patterns: ["secret"] })] } });
  const blocked = client.images.generate({ model: "small", prompt: "a secret" });
  await expect(blocked).rejects.toMatchObject({ code: "guardrail_blocked" });
});

test("an error in the stream reaches the client", async () => {
  const client = await open();
  const error = { type: "error", error: { code: "400", type: "image_generation_user_error", message: "Not allowed." } };
  setup.answer({
    headers: { "content-type": "text/event-stream" },
    body: Buffer.from(`event: error\ndata: ${JSON.stringify(error)}\n\n`),
  });
  const call = client.images.generate({ model: "small", prompt: "an otter", stream: true });
  await expect(call).rejects.toMatchObject({ message: expect.stringContaining("Not allowed.") });
  expect(setup.events[0]).toMatchObject({ outcome: "failed", costNano: "0" });
});
