import { TollgateError } from "@tollgate/contracts/errors";
import { type Grant, type ModelPolicy, refusingList } from "@tollgate/contracts/grant";
import type { ReadSurface, Reply } from "./surface.ts";

const reply = (body: object): Reply => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const usable = ({ org, ...rest }: Grant): ModelPolicy[] =>
  org.models.filter(({ name, targets }) => targets.length > 0 && refusingList({ org, ...rest }, name) === null);

const present = ({ name }: ModelPolicy) => ({ id: name, object: "model", created: 0, owned_by: "tollgate" });

/** Only what this key may use. */
export const listModels: ReadSurface = {
  kind: "read",
  name: "models",
  method: "GET",
  dialect: "openai",
  answer: (_ports, { grant }) => reply({ object: "list", data: usable(grant).map(present) }),
};

/** A model this key may not use looks like one that does not exist. */
export const modelNamed = (escaped: string): ReadSurface => ({
  ...listModels,
  name: "model",
  answer: (_ports, { grant }) => {
    const name = unescaped(escaped);
    const model = usable(grant).find((each) => each.name === name);
    if (!model) throw new TollgateError("model_not_found", "There is no such model for this key.", { param: "model" });
    return reply(present(model));
  },
});

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
