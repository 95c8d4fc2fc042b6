import { TollgateError } from "@tollgate/contracts/errors";
import { type Grant, type ModelPolicy, refusingList } from "@tollgate/contracts/grant";
import type { Authenticated } from "../call.ts";
import { openAiError } from "../wires/error-wording.ts";
import type { ReadSurface, Reply } from "./surface.ts";

const EPOCH = new Date(0).toISOString();

const reply = (body: object): Reply => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const usable = ({ org, ...rest }: Grant): ModelPolicy[] =>
  org.models.filter(({ name, targets }) => targets.length > 0 && refusingList({ org, ...rest }, name) === null);

/** Anthropic's SDKs name their API's version with every request, and read another shape. */
const speaksAnthropic = ({ exchange }: Authenticated): boolean => "anthropic-version" in exchange.headers;

const openAiModel = ({ name }: ModelPolicy) => ({ id: name, object: "model", created: 0, owned_by: "tollgate" });
const anthropicModel = ({ name }: ModelPolicy) => ({ type: "model", id: name, display_name: name, created_at: EPOCH });

/** Only what this key may use. */
export const listModels: ReadSurface = {
  kind: "read",
  name: "models",
  method: "GET",
  errors: openAiError,
  answer(_ports, call) {
    const models = usable(call.grant);
    if (!speaksAnthropic(call)) return reply({ object: "list", data: models.map(openAiModel) });
    const ends = { first_id: models[0]?.name ?? null, last_id: models.at(-1)?.name ?? null };
    return reply({ data: models.map(anthropicModel), has_more: false, ...ends });
  },
};

/** A model this key may not use looks like one that does not exist. */
export const modelNamed = (escaped: string): ReadSurface => ({
  ...listModels,
  name: "model",
  answer(_ports, call) {
    const name = unescaped(escaped);
    const model = usable(call.grant).find((each) => each.name === name);
    if (!model) throw new TollgateError("model_not_found", "There is no such model for this key.", { param: "model" });
    return reply(speaksAnthropic(call) ? anthropicModel(model) : openAiModel(model));
  },
});

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
