import { fields, list, parsed } from "../meaning/json.ts";
import type { Recording } from "./recording.ts";

/** How recordings of an operation other than a conversation are replayed: one endpoint, one request. */
interface Operation {
  path(recording: Recording): string;
  body(model: string, recording: Recording): object | FormData;
  /** What a translated answer must have in common with the recorded one. Absent: bytes pass. */
  essence?(body: string): unknown;
}

const PICTURE = new Blob([Buffer.from("iVBORw0KGgo=", "base64")], { type: "image/png" });
const SOUND = new Blob([Buffer.alloc(64)], { type: "audio/wav" });

function form(parts: Record<string, string | Blob>): FormData {
  const made = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === "string") made.append(name, part);
    else made.append(name, part, name === "file" ? "sound.wav" : "picture.png");
  }
  return made;
}

const embed: Operation = {
  path: () => "/v1/embeddings",
  // One text for each recorded vector.
  body: (model, { body }) => ({ model, input: vectors(body).map((_, index) => `text ${index}`) }),
};
const rerank: Operation = {
  path: () => "/v2/rerank",
  body: (model) => ({ model, query: "which", documents: ["one", "two", "three"] }),
};

/** Vectors of Cohere's, of OpenAI's and of Vertex's format. */
function vectors(body: string): unknown[] {
  const answer = parsed(body);
  const predictions = list(answer.predictions).map(({ embeddings }) => fields(embeddings).values);
  if (predictions.length > 0) return predictions;
  const { float } = fields(answer.embeddings);
  return Array.isArray(float) ? float : list(answer.data).map(({ embedding }) => embedding);
}

/** Results of Cohere's, of Voyage's and of Bedrock's format. */
const ranks = (body: string): unknown[] => {
  const answer = parsed(body);
  return list(answer.results ?? answer.data).map((each) => [each.index, each.relevance_score ?? each.relevanceScore]);
};

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  "openai-embed": embed,
  "voyage-embed": embed,
  "vertex-embed": { ...embed, essence: vectors },
  "cohere-embed": { ...embed, essence: vectors },
  "cohere-rerank": rerank,
  "voyage-rerank": { ...rerank, essence: ranks },
  "bedrock-rerank": { ...rerank, essence: ranks },
  "openai-image": {
    path: ({ name }) => (name.includes("edit") ? "/v1/images/edits" : "/v1/images/generations"),
    body: (model) => ({ model, prompt: "a picture" }),
  },
  "openai-transcribe": {
    path: () => "/v1/audio/transcriptions",
    body: (model) => form({ model, file: SOUND }),
  },
};

export const editOf = (model: string): FormData => form({ model, prompt: "a picture", image: PICTURE });
