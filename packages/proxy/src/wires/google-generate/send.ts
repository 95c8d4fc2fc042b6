import { fieldChanges } from "../field-differences.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { jsonHeaders, rewritten } from "../json-request.ts";
import type { Change, Outgoing } from "../wire.ts";
import { spelling } from "./names.ts";
import { hasModel, modelField, pathOf } from "./target.ts";
import { withoutCarried } from "./without-carried.ts";

/** Sends the client's bytes. Only the model, our output limit and signatures of other providers are changed. */
export function sendGenerate(change: Change): Outgoing {
  const { asked, serving, upstreamModel, raw } = change;
  const path = pathOf(serving.path, upstreamModel);
  const { edits, names } = fieldChanges(fieldsOf(change.body), serving.fields, upstreamModel);
  return {
    // Events are read one by one. A client that wants an array gets one from them.
    path: asked.stream ? `${path.replace(/:generateContent$/, ":streamGenerateContent")}?alt=sse` : path,
    headers: jsonHeaders(asked),
    body: rewritten(raw, { ...edits, ...editsOf(change) }, names),
  };
}

function editsOf({ body: given, upstreamModel, maxOutputTokens }: Change): Record<string, string> {
  const body = fieldsOf(given);
  const edits: Record<string, string> = {};
  if (hasModel(body)) edits.model = JSON.stringify(modelField(upstreamModel));
  const contents = withoutCarried(body.contents);
  if (contents !== body.contents) edits.contents = JSON.stringify(contents);
  if (maxOutputTokens !== null) {
    const name = spelling(body, "generationConfig");
    edits[name] = JSON.stringify(withBound(body[name], maxOutputTokens));
  }
  return edits;
}

function withBound(given: unknown, maxOutputTokens: number): Fields {
  const config = isFields(given) ? given : {};
  return { ...config, [spelling(config, "maxOutputTokens")]: maxOutputTokens };
}
