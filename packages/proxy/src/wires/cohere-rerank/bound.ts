import type { UsageBound } from "@tollgate/catalog/rates";
import type { Fields } from "../fields.ts";

/** One search is a query with up to this many chunks. */
const CHUNKS_PER_SEARCH = 100;
/** Cohere splits a document that has more tokens together with the query, and charges each chunk as a document. */
const CHUNK_TOKENS = 500;
/** UTF-8 bytes of a UTF-16 unit, at most. */
const BYTES_PER_UNIT = 3;

/**
 * The most searches and tokens that a rerank call can use. Every document is sent with the query, so providers that charge
 * tokens charge the query once for each document.
 */
export function rerankBound({ query, documents }: Fields, promptTokens: number): UsageBound {
  const count = Array.isArray(documents) ? documents.length : 1;
  const queryTokens = typeof query === "string" ? BYTES_PER_UNIT * query.length : 0;
  const tokens = promptTokens + count * queryTokens;
  const chunks = count + Math.floor(tokens / CHUNK_TOKENS);
  return { input: tokens, output: 0, rerankSearches: Math.ceil(chunks / CHUNKS_PER_SEARCH) };
}
