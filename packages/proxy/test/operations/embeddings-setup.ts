import OpenAI from "openai";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

export const OPENAI = { provider: "openai", upstreamModel: "text-embedding-3-small" };

export interface EmbeddingsSetup extends OperationSetup {
  client: OpenAI;
  embed(body: object, path?: string): Promise<Response>;
}

/** A gateway whose model is an embedding model, by default of OpenAI, and its clients. */
export async function openEmbeddings(
  ...[at = OPENAI, options]: Partial<Parameters<typeof openOperation>>
): Promise<EmbeddingsSetup> {
  const setup = await openOperation(at, options);
  const embed = (body: object, path = "/v1/embeddings"): Promise<Response> =>
    fetch(setup.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const client = new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
  return Object.assign(setup, { client, embed });
}

/** OpenAI's answer with these vectors. */
export const answered = (vectors: unknown[], tokens = 12) => ({
  object: "list",
  data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
  model: "text-embedding-3-small",
  usage: { prompt_tokens: tokens, total_tokens: tokens },
});

export const base64 = (numbers: number[]): string => Buffer.from(Float32Array.from(numbers).buffer).toString("base64");
