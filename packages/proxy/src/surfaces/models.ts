import { TollgateError } from "@tollgate/contracts/errors";
import { type Grant, refusingList } from "@tollgate/contracts/grant";
import { openAiError } from "../wires/error-wording.ts";
import { modelListFor } from "../wires/model-list.ts";
import type { ReadSurface, Reply } from "./surface.ts";

const reply = (body: object): Reply => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const usable = (grant: Grant): string[] =>
  grant.org.models
    .filter(({ name, targets }) => targets.length > 0 && refusingList(grant, name) === null)
    .map(({ name }) => name);

/** Lists only the models that this key may use. */
export const listModels: ReadSurface = {
  kind: "read",
  name: "models",
  method: "GET",
  errors: openAiError,
  answer: (_ports, { grant, exchange }) => reply(modelListFor(exchange).all(usable(grant))),
};

/** A model that this key may not use is reported as unknown. */
export const modelNamed = (escaped: string): ReadSurface => ({
  ...listModels,
  name: "model",
  answer(_ports, { grant, exchange }) {
    const name = unescaped(escaped);
    if (name === null || !usable(grant).includes(name)) {
      throw new TollgateError("model_not_found", "There is no such model for this key.", { param: "model" });
    }
    return reply(modelListFor(exchange).one(name));
  },
});

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
