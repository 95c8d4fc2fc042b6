import { fieldChanges } from "../field-differences.ts";
import { fieldsOf } from "../fields.ts";
import { jsonHeaders, rewritten } from "../json-request.ts";
import type { Change, Outgoing } from "../wire.ts";

/** Sends the client's bytes. Only the model name, our output limit and the id of an earlier response are changed. */
export function sendResponses(change: Change): Outgoing {
  const { asked, body, raw, upstreamModel, maxOutputTokens, serving, continuedId } = change;
  const { edits, names } = fieldChanges(fieldsOf(body), serving.fields, upstreamModel);
  if (fieldsOf(body).model !== upstreamModel) edits.model = JSON.stringify(upstreamModel);
  if (maxOutputTokens !== null) edits.max_output_tokens = JSON.stringify(maxOutputTokens);
  if (continuedId !== null) edits.previous_response_id = JSON.stringify(continuedId);
  return { path: serving.path, headers: jsonHeaders(asked), body: rewritten(raw, edits, names) };
}
