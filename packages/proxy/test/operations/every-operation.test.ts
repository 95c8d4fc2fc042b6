import { afterEach, describe, expect, test } from "vitest";
import { credential, limit, model, target } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

interface Row {
  /** With `{model}` if the model is in the path and not in the body. */
  path: string;
  surface: string;
  provider?: string;
  /** Fields besides the model; a form if `file` is one of them. */
  fields: Record<string, unknown>;
  answer: object;
}

interface Refused {
  code: string;
  /** Of Google's format, in which the code is a number. */
  details?: { code: string }[];
}

const IMAGES = { created: 1, data: [{ b64_json: "AAAA" }], usage: { input_tokens: 1, output_tokens: 1 } };
const TRANSCRIPT = { text: "Hello.", usage: { type: "duration", seconds: 1 } };
const VECTORS = { object: "list", data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 1 } };
const RERANKED = { results: [{ index: 0, relevance_score: 1 }], meta: { billed_units: { search_units: 1 } } };
const file = new File([new Uint8Array(750)], "a.bin");

const CONTENTS = { contents: [{ parts: [{ text: "x" }] }] };
const GENERATED = {
  candidates: [{ content: { role: "model", parts: [{ text: "y" }] }, finishReason: "STOP", index: 0 }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
};

const rows: Row[] = [
  ...["/v1beta", "/google/v1beta"].map((prefix) => ({
    path: `${prefix}/models/{model}:generateContent`,
    surface: "generate-content",
    provider: "google",
    fields: CONTENTS,
    answer: GENERATED,
  })),
  {
    path: "/v1/models/{model}:streamGenerateContent?alt=sse",
    surface: "generate-content",
    provider: "google",
    fields: CONTENTS,
    answer: {
      headers: { "content-type": "text/event-stream" },
      body: Buffer.from(`data: ${JSON.stringify(GENERATED)}\r\n\r\n`),
    },
  },
  {
    path: "/v1beta/models/{model}:countTokens",
    surface: "count-content",
    provider: "google",
    fields: CONTENTS,
    answer: { totalTokens: 1 },
  },
  {
    path: "/v1beta/models/{model}:embedContent",
    surface: "embed-content",
    provider: "google",
    fields: { content: { parts: [{ text: "x" }] } },
    answer: { embedding: { values: [1] }, usageMetadata: { promptTokenCount: 1 } },
  },
  {
    path: "/v1beta/models/{model}:batchEmbedContents",
    surface: "embed-contents",
    provider: "google",
    fields: { requests: [{ content: { parts: [{ text: "x" }] } }] },
    answer: { embeddings: [{ values: [1] }], usageMetadata: { promptTokenCount: 1 } },
  },
  { path: "/v1/embeddings", surface: "embeddings", fields: { input: "x" }, answer: VECTORS },
  { path: "/v1/moderations", surface: "moderations", fields: { input: "x" }, answer: { results: [] } },
  {
    path: "/v1/completions",
    surface: "completions",
    fields: { prompt: "x", max_tokens: 5 },
    answer: { choices: [{ text: "y", finish_reason: "stop" }], usage: { prompt_tokens: 1, completion_tokens: 1 } },
  },
  { path: "/v1/images/generations", surface: "images", fields: { prompt: "x" }, answer: IMAGES },
  { path: "/v1/images/edits", surface: "image-edits", fields: { prompt: "x", image: file }, answer: IMAGES },
  {
    path: "/v1/audio/speech",
    surface: "speech",
    fields: { input: "x", voice: "alloy" },
    answer: { headers: { "content-type": "audio/mpeg" }, body: Buffer.from("ID3") },
  },
  { path: "/v1/audio/transcriptions", surface: "transcriptions", fields: { file }, answer: TRANSCRIPT },
  { path: "/v1/audio/translations", surface: "translations", fields: { file }, answer: TRANSCRIPT },
  {
    path: "/v1/rerank",
    surface: "rerank",
    provider: "cohere",
    fields: { query: "x", documents: ["y"] },
    answer: RERANKED,
  },
  {
    path: "/v2/rerank",
    surface: "rerank-v2",
    provider: "cohere",
    fields: { query: "x", documents: ["y"] },
    answer: RERANKED,
  },
];

describe.each(rows)("$path", ({ path, surface, provider = "openai", fields, answer }) => {
  async function open(...options: Parameters<typeof openOperation>[1][]): Promise<void> {
    setup = await openOperation({ provider, upstreamModel: "up-1" }, options[0]);
    setup.answer(answer);
  }

  function post(headers: Record<string, string> = {}, name = "small"): Promise<Response> {
    const isForm = Object.values(fields).some((value) => value instanceof File);
    const isInPath = path.includes("{model}");
    const asked = { ...(!isInPath && { model: name }), ...fields };
    const form = new FormData();
    for (const [field, value] of Object.entries(asked)) form.append(field, value as string);
    return fetch(setup.url + path.replace("{model}", name), {
      method: "POST",
      headers: {
        authorization: `Bearer ${setup.key}`,
        ...(!isForm && { "content-type": "application/json" }),
        ...headers,
      },
      body: isForm ? form : JSON.stringify(asked),
    });
  }

  const refusal = async (response: Response) => {
    const body = (await response.json()) as { error?: Refused; code?: string };
    return { status: response.status, code: body.error?.details?.[0]?.code ?? body.error?.code ?? body.code };
  };

  test("is recorded with its labels; neither key reaches the other side", async () => {
    await open();
    const response = await post({
      "x-tollgate-tags": "env=prod",
      "x-tollgate-customer": "globex",
      "x-tollgate-session": "s1",
    });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expect(response.headers.get("x-tollgate-provider")).toBe(provider);
    expect(setup.events).toMatchObject([
      {
        surface,
        model: "small",
        upstreamModel: "up-1",
        outcome: "complete",
        tags: { env: "prod" },
        customer: "globex",
        session: "s1",
      },
    ]);
    const [seen] = setup.seen;
    expect(`${JSON.stringify(seen?.headers)}${seen?.body.toString("latin1")}`).not.toContain(setup.key);
    expect(seen?.path.includes("up-1") || seen?.body.includes("up-1")).toBe(true);
    expect(JSON.stringify([...response.headers])).not.toContain("sk-provider-secret");
  });

  test("is refused without a right, a model or room in a limit, and then nothing is sent", async () => {
    await open({ org: { limits: [limit({ amount: 0n })] } });
    expect(await refusal(await post())).toEqual({ status: 429, code: "rate_limit_exceeded" });
    expect(await refusal(await post({}, "none"))).toEqual({ status: 404, code: "model_not_found" });
    setup.change({}, { allow: ["other"] });
    expect(await refusal(await post())).toEqual({ status: 403, code: "model_not_allowed" });
    expect(await refusal(await post({ authorization: "Bearer nobody" }))).toEqual({
      status: 401,
      code: "invalid_api_key",
    });
    expect(setup.seen).toEqual([]);
  });

  test("a refusal of the provider keeps its status and message, without the secret", async () => {
    await open();
    const message = "Bad field, by sk-provider-secret-canary.";
    setup.answer({ status: 422, body: { error: { message }, message } });
    const response = await post();
    expect(response.status).toBe(422);
    expect(await response.text()).toMatch(/Bad field, by \[secret\]/);
    expect(setup.events[0]).toMatchObject({ outcome: "failed", costNano: "0" });
  });

  test("a failed target is followed by the next one", async () => {
    await open({ settings: { retryPauseMs: 1 } });
    const [main] = setup.org.credentials;
    const down = credential("http://127.0.0.1:9", { provider });
    const targets = [target(down.id), target(main?.id ?? "", { upstreamModel: "up-1", priority: 2 })];
    setup.change({ credentials: [down, ...setup.org.credentials], models: [model(targets)] });
    const response = await post();
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expect(setup.events[0]?.attempts.length).toBeGreaterThan(1);
    expect(setup.events[0]).toMatchObject({ outcome: "complete", upstreamModel: "up-1" });
  });
});
