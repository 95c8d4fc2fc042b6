import { TollgateError } from "@tollgate/contracts/errors";
import { type Grant, refusingList } from "@tollgate/contracts/grant";
import { directModel, directProviders } from "../routing/direct-model.ts";
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

/**
 * Lists only the models that this key may use. `direct_providers` are those whose models can also be called, as
 * `provider/model`.
 */
export const listModels: ReadSurface = {
  kind: "read",
  name: "models",
  method: "GET",
  errors: openAiError,
  answer: (_ports, { grant, exchange }) => {
    const direct = directProviders(grant.org);
    const list = modelListFor(exchange).all(usable(grant));
    return reply(direct.length > 0 ? { ...list, direct_providers: direct } : list);
  },
};

/** A model that this key may not use is reported as unknown. */
export const modelNamed = (escaped: string): ReadSurface => ({
  ...listModels,
  name: "model",
  answer(_ports, { grant, exchange }) {
    const name = unescaped(escaped);
    if (name === null || !(usable(grant).includes(name) || isDirect(grant, name))) {
      throw new TollgateError("model_not_found", "There is no such model for this key.", { param: "model" });
    }
    return reply(modelListFor(exchange).one(name));
  },
});

/** Whether this key may address a model directly. Whether the provider has it is not known. */
function isDirect(grant: Grant, name: string): boolean {
  if (refusingList(grant, name) !== null) return false;
  try {
    return directModel(grant.org, name) !== undefined;
  } catch {
    return false;
  }
}

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
