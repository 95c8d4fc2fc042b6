import { type Fields, isFields } from "../fields.ts";
import { missing, readInteger, readModel, refuseModels, wrongType, wrongValue } from "../request-fields.ts";
import type { Asked } from "../wire.ts";

const DOCUMENTS_MAX = 10_000;

/** Reads and checks the fields of a rerank request that the gateway uses. Throws 400. */
export function readRerankRequest(body: Fields): Asked {
  const model = readModel(body);
  refuseModels(body);
  const { query, documents } = body;
  if (query === undefined) throw missing("query");
  if (typeof query !== "string") throw wrongType("query", "a string");
  if (documents === undefined) throw missing("documents");
  if (!Array.isArray(documents)) throw wrongType("documents", "an array");
  if (documents.length === 0 || documents.length > DOCUMENTS_MAX) {
    throw wrongValue("documents", `an array of 1 to ${DOCUMENTS_MAX} documents`);
  }
  const odd = documents.findIndex((each) => typeof each !== "string" && !isFields(each));
  if (odd !== -1) throw wrongType(`documents[${odd}]`, "a string or an object");
  readInteger(body, "top_n", 1, DOCUMENTS_MAX);
  return { model, stream: false, wantsUsage: false, maxOutputTokens: 0, choices: 1, endUser: null };
}
