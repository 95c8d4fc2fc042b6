import { providerById, type Stores } from "@tollgate/catalog/providers";
import { TollgateError } from "@tollgate/contracts/errors";
import { type CredentialPolicy, type Grant, refusingList } from "@tollgate/contracts/grant";

/** Names the model at whose credential a file is stored. Needed only if several credentials could have it. */
export const MODEL_HEADER = "x-tollgate-model";

export const storesAt = ({ provider }: CredentialPolicy, what: keyof Stores) => providerById(provider)?.stores?.[what];

/** The credentials of the models that a key may use, at providers that store such objects; in a fixed order. */
export function storingCredentials(grant: Grant, what: keyof Stores): CredentialPolicy[] {
  const used = new Set<string>();
  for (const { name, targets } of grant.org.models) {
    if (refusingList(grant, name) === null) for (const { credentialId } of targets) used.add(credentialId);
  }
  return grant.org.credentials
    .filter((credential) => used.has(credential.id) && storesAt(credential, what) !== undefined)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * The credential that takes a new file: that of the model in the header, else the only one that can. Throws 400, 403, 404.
 */
export function credentialForFile(grant: Grant, modelName: string | undefined, what: keyof Stores): CredentialPolicy {
  const all = storingCredentials(grant, what);
  const model = modelName === undefined ? null : namedModel(grant, modelName);
  const byPriority = model?.targets.toSorted((a, b) => a.priority - b.priority) ?? [];
  const able = model
    ? byPriority.flatMap(({ credentialId }) => all.filter(({ id }) => id === credentialId)).slice(0, 1)
    : all;
  const [only, second] = able;
  if (!only) {
    const message = model
      ? `No provider of the model ${model.name} stores files.`
      : "No provider of the models that this key may use stores files.";
    throw new TollgateError("invalid_value", message, { param: model ? MODEL_HEADER : "model" });
  }
  if (!second) return only;
  const message = `Files can be stored with several credentials: name a model in the header ${MODEL_HEADER}.`;
  throw new TollgateError("missing_required_parameter", message, { param: MODEL_HEADER });
}

function namedModel(grant: Grant, name: string) {
  const model = grant.org.models.find((each) => each.name === name);
  if (!model) throw new TollgateError("model_not_found", `There is no model ${name}.`, { param: MODEL_HEADER });
  const list = refusingList(grant, name);
  if (list === null) return model;
  const message = `The model ${name} is not on the allow-list of this ${list}.`;
  throw new TollgateError("model_not_allowed", message, { param: MODEL_HEADER, scope: list });
}
