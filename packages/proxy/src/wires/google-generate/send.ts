import { fieldChanges } from "../field-differences.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { jsonHeaders, rewritten } from "../json-request.ts";
import type { Change, Outgoing } from "../wire.ts";
import { spelling } from "./names.ts";
import { hasModel, modelField, pathOf } from "./target.ts";
import { tierHeader, tierHeaders } from "./tier.ts";
import { withoutCarried } from "./without-carried.ts";

/** Sends the client's bytes. Only the model, our output limit and signatures of other providers are changed. */
export function sendGenerate(change: Change): Outgoing {
  const { asked, serving, upstreamModel, raw } = change;
  const path = pathOf(serving.path, upstreamModel);
  const { edits, names } = fieldChanges(fieldsOf(change.body), serving.fields, upstreamModel);
  return {
    // Events are read one by one. A client that wants an array gets one from them.
    path: asked.stream ? `${path.replace(/:generateContent$/, ":streamGenerateContent")}?alt=sse` : path,
    headers: serving.tierHeader
      ? [...jsonHeaders(asked), ...tierHeaders(asked.service?.tier ?? null, change.target, serving.tierHeader)]
      : jsonHeaders(asked),
    body: rewritten(raw, { ...edits, ...editsOf(change, edits) }, { ...names, ...withoutTier(change) }),
  };
}

/** Vertex has the tier in a header. */
function withoutTier({ body: given, serving }: Change): Record<string, null> {
  const body = fieldsOf(given);
  const name = spelling(body, "serviceTier");
  return serving.tierHeader && name in body ? { [name]: null } : {};
}

/** `earlier`: changes of the same request, which must stay. */
function editsOf(
  { body: given, upstreamModel, maxOutputTokens, serving, target }: Change,
  earlier: Readonly<Record<string, string>>,
): Record<string, string> {
  const body = fieldsOf(given);
  const edits: Record<string, string> = {};
  if (hasModel(body)) edits.model = JSON.stringify(modelField(upstreamModel));
  const tier = serving.tierHeader || spelling(body, "serviceTier") in body ? undefined : tierHeader(target);
  if (tier !== undefined) edits.serviceTier = JSON.stringify(tier);
  const contents = withoutCarried(body.contents);
  if (contents !== body.contents) edits.contents = JSON.stringify(contents);
  if (maxOutputTokens !== null) {
    const name = spelling(body, "generationConfig");
    const config: unknown = earlier[name] === undefined ? body[name] : JSON.parse(earlier[name]);
    edits[name] = JSON.stringify(withBound(config, maxOutputTokens));
  }
  return edits;
}

function withBound(given: unknown, maxOutputTokens: number): Fields {
  const config = isFields(given) ? given : {};
  return { ...config, [spelling(config, "maxOutputTokens")]: maxOutputTokens };
}
