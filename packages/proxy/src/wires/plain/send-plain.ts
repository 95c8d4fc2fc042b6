import type { FieldDifference } from "@tollgate/catalog/providers";
import { type Fields, fieldsOf } from "../fields.ts";
import { rewritten } from "../json-request.ts";
import type { Change, Outgoing } from "../wire.ts";

/** Sends the client's bytes. Only the model name is changed, and the fields that are different at this provider. */
export function sendPlain({ asked, body, raw, upstreamModel, serving }: Change): Outgoing {
  const fields = fieldsOf(body);
  const { edits, names } = differences(fields, serving.fields);
  if (fields.model !== upstreamModel) edits.model = JSON.stringify(upstreamModel);
  const headers = [
    "content-type",
    raw.contentType,
    "accept",
    asked.stream ? "text/event-stream, */*" : "application/json, */*",
  ];
  return { path: serving.path, headers, body: rewritten(raw, edits, names) };
}

interface Edits {
  edits: Record<string, string>;
  names: Record<string, string>;
}

/** The fields of this request that have another name or another value at the provider. */
export function differences(body: Fields, fields: Readonly<Record<string, FieldDifference>> = {}): Edits {
  const edits: Record<string, string> = {};
  const names: Record<string, string> = {};
  for (const [field, { name, values }] of Object.entries(fields)) {
    const value = body[field];
    if (value === undefined) continue;
    if (name !== undefined) names[field] = name;
    const other = typeof value === "string" ? values?.[value] : undefined;
    if (other !== undefined) edits[field] = JSON.stringify(other);
  }
  return { edits, names };
}
