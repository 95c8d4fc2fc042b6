import { createCredential } from "@tollgate/control/credentials/create";
import { createKey } from "@tollgate/control/keys/create";
import { createModel } from "@tollgate/control/models/create";
import type { Contender } from "./contender.ts";
import { startTollgate } from "./tollgate.ts";
import { TRANSLATED_MODEL } from "./workload.ts";

/**
 * A proxy that is only asked for a model of a provider that has another API format. In a process of its own, so that the
 * calls of the other contenders do not affect how its code is compiled, and it does not affect theirs.
 */
export async function startTranslated(providerOrigin: string): Promise<Contender> {
  let key = "";
  const tollgate = await startTollgate(providerOrigin, {
    hasWorker: false,
    async arrange(owner) {
      const baseUrl = `${providerOrigin}/v1`;
      const secret = "sk-ant-load-fake";
      const credential = await createCredential(owner, { name: "Anthropic", provider: "anthropic", baseUrl, secret });
      const targets = [{ credentialId: credential.id, upstreamModel: TRANSLATED_MODEL }];
      await createModel(owner, { name: TRANSLATED_MODEL, targets });
      key = (await createKey(owner, { name: "translated", allow: [TRANSLATED_MODEL] })).secret;
    },
  });
  return { ...tollgate, name: "translated", model: TRANSLATED_MODEL, headers: { authorization: `Bearer ${key}` } };
}
