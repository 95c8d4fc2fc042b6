import { fieldChanges, nameOfAdded } from "../field-differences.ts";
import { type Fields, fieldsOf } from "../fields.ts";
import { jsonHeaders, rewritten } from "../json-request.ts";
import type { Change, Outgoing } from "../wire.ts";

/**
 * Sends the client's bytes. Only the model name, our output limit, a stream's `include_usage` and
 * the fields that are different at this provider are changed.
 */
export function sendChat(change: Change): Outgoing {
  const { asked, serving } = change;
  return { path: serving.path, headers: jsonHeaders(asked), body: bodyOf(change) };
}

function bodyOf({ asked, body: given, raw, upstreamModel, maxOutputTokens, serving }: Change): Outgoing["body"] {
  const body = fieldsOf(given);
  const { fields, streamUsage } = serving;
  const { edits, names } = fieldChanges(body, fields, upstreamModel);
  if (body.model !== upstreamModel) edits.model = JSON.stringify(upstreamModel);
  if (maxOutputTokens !== null) {
    const field = boundField(body, serving);
    edits[(body[field] ?? null) === null ? nameOfAdded(field, fields, upstreamModel) : field] =
      JSON.stringify(maxOutputTokens);
  }
  if (asked.stream && !asked.wantsUsage && streamUsage !== "always") {
    edits.stream_options = JSON.stringify({ ...(body.stream_options as object | undefined), include_usage: true });
  }
  return rewritten(raw, edits, names);
}

/** The field for the output limit: the one the client used, because providers refuse a request with both. */
const boundField = (body: Fields, { outputBoundField }: Change["serving"]): string =>
  ["max_tokens", "max_completion_tokens"].find((name) => (body[name] ?? null) !== null) ??
  outputBoundField ??
  "max_tokens";
