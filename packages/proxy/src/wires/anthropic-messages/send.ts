import { fieldChanges } from "../field-differences.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { jsonHeaders, rewritten } from "../json-request.ts";
import type { Change, Outgoing, RequestTarget } from "../wire.ts";
import { passedHeaders } from "./passed-headers.ts";
import { hasModelInPath, messagesPath } from "./target-path.ts";
import { withoutCarried } from "./without-carried.ts";

const THINKING_TOKENS_MIN = 1_024;

/**
 * Sends the client's bytes. Only the model name and our output limit are changed. Some providers have the model in the path
 * and the version in the body.
 */
export function sendMessages(change: Change): Outgoing {
  const { asked, serving, target, raw, upstreamModel } = change;
  const { versionInBody: version } = serving;
  const headers = [...jsonHeaders(asked), ...passedHeaders(target, version === undefined)];
  const { edits, names } = fieldChanges(fieldsOf(change.body), serving.fields, upstreamModel);
  const own = { ...edits, ...editsOf(change), ...(version && { anthropic_version: JSON.stringify(version) }) };
  const body = rewritten(raw, own, hasModelInPath(serving) ? { ...names, model: null } : names);
  const path = messagesPath(serving, upstreamModel, asked.stream);
  return { path: version === undefined ? path + betaQuery(target) : path, headers, body };
}

/** SDKs mark the calls of their beta interface with `?beta=true`. No other query is passed on. */
const betaQuery = ({ query }: RequestTarget): string => (/(?:^|&)beta=true(?:&|$)/.test(query) ? "?beta=true" : "");

function editsOf({ body: given, upstreamModel, maxOutputTokens }: Change): Record<string, string> {
  const body = fieldsOf(given);
  const edits: Record<string, string> = {};
  if (body.model !== upstreamModel) edits.model = JSON.stringify(upstreamModel);
  const messages = withoutCarried(body.messages);
  if (messages !== body.messages) edits.messages = JSON.stringify(messages);
  if (maxOutputTokens === null) return edits;
  edits.max_tokens = JSON.stringify(maxOutputTokens);
  const thinking = withinBound(body, maxOutputTokens);
  if (thinking) edits.thinking = JSON.stringify(thinking);
  return edits;
}

/** The provider requires a thinking budget below the output limit. Null: it is. */
function withinBound({ thinking }: Fields, maxOutputTokens: number): object | null {
  if (!isFields(thinking) || typeof thinking.budget_tokens !== "number") return null;
  if (thinking.budget_tokens < maxOutputTokens || maxOutputTokens <= THINKING_TOKENS_MIN) return null;
  return { ...thinking, budget_tokens: Math.max(THINKING_TOKENS_MIN, Math.floor(maxOutputTokens / 2)) };
}
