import { fieldsOf } from "../fields.ts";
import { jsonHeaders, rewritten } from "../json-request.ts";
import type { Change, Outgoing } from "../wire.ts";

/** Sends the client's bytes. Only the model name and our output limit are changed. */
export function sendResponses({ asked, body, raw, upstreamModel, maxOutputTokens, serving }: Change): Outgoing {
  const edits: Record<string, string> = {};
  if (fieldsOf(body).model !== upstreamModel) edits.model = JSON.stringify(upstreamModel);
  if (maxOutputTokens !== null) edits.max_output_tokens = JSON.stringify(maxOutputTokens);
  return { path: serving.path, headers: jsonHeaders(asked), body: rewritten(raw, edits) };
}
