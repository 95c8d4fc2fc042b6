import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { createKey } from "@tollgate/control/keys/create";
import { createModel } from "@tollgate/control/models/create";
import type { Contender } from "./contender.ts";
import { TRANSLATED_MODEL } from "./workload.ts";

/** Adds a model of another API format and a key for it to an organisation. Returns the key's secret. */
export async function addTranslatedModel(owner: Context, providerOrigin: string): Promise<string> {
  const baseUrl = `${providerOrigin}/v1`;
  const secret = "sk-ant-load-fake";
  const credential = await createCredential(owner, { name: "Anthropic", provider: "anthropic", baseUrl, secret });
  const targets = [{ credentialId: credential.id, upstreamModel: TRANSLATED_MODEL }];
  await createModel(owner, { name: TRANSLATED_MODEL, targets });
  return (await createKey(owner, { name: "translated", allow: [TRANSLATED_MODEL] })).secret;
}

/** The same process, asked for a model of a provider that has another API format. */
export const translated = (tollgate: Contender, key: string): Contender => ({
  ...tollgate,
  name: "translated",
  model: TRANSLATED_MODEL,
  headers: { authorization: `Bearer ${key}` },
  stop: async () => {},
});
