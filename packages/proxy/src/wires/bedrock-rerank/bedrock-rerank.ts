import { parsingAnswer } from "../../body/read-json.ts";
import type { Steps } from "../../body/steps.ts";
import { type Fields, fieldsOf, isFields, isNumber, isString } from "../fields.ts";
import { UNREPORTED } from "../usage/unreported.ts";
import type { Rewrite, WholeAnswer, Wire } from "../wire.ts";

const READ = new Set(["model", "query", "documents", "top_n", "return_documents"]);
const COHERE_VERSION = 2;

/** Bedrock takes texts only. Documents of version 1 of Cohere's format are objects. */
const textOf = (document: unknown): string => {
  if (isString(document)) return document;
  const { text } = document as Fields;
  return isString(text) ? text : JSON.stringify(document);
};

const rerank: Rewrite = ({ body, serving, upstreamModel }) => {
  const fields = fieldsOf(body);
  const documents = (fields.documents as readonly unknown[]).map(textOf);
  const sent = {
    ...{ query: fields.query, documents },
    ...(isNumber(fields.top_n) && { top_n: fields.top_n }),
    ...(upstreamModel.includes("cohere.") && { api_version: COHERE_VERSION }),
  };
  const repeated = fields.return_documents === true ? documents : null;
  return {
    outgoing: {
      path: serving.path.replace("{model}", encodeURIComponent(upstreamModel)),
      headers: ["content-type", "application/json", "accept", "application/json"],
      body: Buffer.from(JSON.stringify(sent)),
    },
    answer: { readingBytes: (bytes) => reading(bytes, repeated) },
    ignored: Object.keys(fields).filter((name) => !READ.has(name)),
  };
};

function* reading(bytes: Buffer, documents: readonly string[] | null): Steps<WholeAnswer> {
  const answer = yield* parsingAnswer(bytes);
  const results = answer && Array.isArray(answer.results) ? answer.results.flatMap(resultIn) : null;
  // Bedrock does not report the searches, so those of the request are charged.
  const report = { usage: null, deliveredBytes: 0, finished: true, isWhole: results !== null };
  if (!results) return { isAnswer: false, error: null, report };
  const shown = documents ? results.map((each) => ({ ...each, document: { text: documents[each.index] } })) : results;
  return { isAnswer: true, error: null, report, body: Buffer.from(JSON.stringify({ results: shown, meta: {} })) };
}

/** Models have Cohere's name of the score. Bedrock's own endpoint for rerankers has another one. */
function resultIn(result: unknown): { index: number; relevance_score: number }[] {
  if (!isFields(result) || !isNumber(result.index)) return [];
  const score = result.relevance_score ?? result.relevanceScore;
  return isNumber(score) ? [{ index: result.index, relevance_score: score }] : [];
}

/** Reranking by Bedrock's InvokeModel. Used for calls to providers only; no surface has it. */
export const bedrockRerank: Wire = {
  id: "bedrock-rerank",
  operation: "rerank",
  usage: UNREPORTED,
  bridge: null,
  rewrites: { "cohere-rerank": rerank, "cohere-rerank-1": rerank },
};
