import { fieldChanges } from "../field-differences.ts";
import { fieldsOf } from "../fields.ts";
import { rewritten } from "../json-request.ts";
import type { Change, Outgoing } from "../wire.ts";

/** Sends the client's bytes. Only the model name is changed, and the fields that are different at this provider. */
export function sendPlain({ asked, body, raw, upstreamModel, serving }: Change): Outgoing {
  const fields = fieldsOf(body);
  const { edits, names } = fieldChanges(fields, serving.fields, upstreamModel);
  if (fields.model !== upstreamModel) edits.model = JSON.stringify(upstreamModel);
  const headers = [
    "content-type",
    raw.contentType,
    "accept",
    asked.stream ? "text/event-stream, */*" : "application/json, */*",
  ];
  return { path: serving.path, headers, body: rewritten(raw, edits, names) };
}
