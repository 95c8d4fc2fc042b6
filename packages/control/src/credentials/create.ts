import { defaultBaseUrlOf, ownBaseUrlOf, providerById } from "@tollgate/catalog/providers";
import { uuidV7 } from "@tollgate/contracts/ids";
import { originOf } from "@tollgate/vault/origin";
import { seal } from "@tollgate/vault/seal";
import { invalid } from "../fields.ts";
import { hostsGranted } from "../private-hosts.ts";
import { verb } from "../verb.ts";
import { normaliseUrl } from "./base-url.ts";
import { boxContent, lastFourOf, settingsOf } from "./box-content.ts";
import { presentCredential, withModels } from "./present.ts";
import { CreateCredential, Credential } from "./schemas.ts";
import { checkKnown, checkRequired, chosenScheme, withTokenUrl } from "./scheme-fields.ts";
import { testOnSave } from "./test-on-save.ts";

/**
 * The fields are sealed for the data plane when they are stored. The control plane cannot read the secrets afterwards. A proxy
 * tests them at once.
 */
export const createCredential = verb({
  name: "credentials.create",
  action: "credentials:create",
  input: CreateCredential,
  output: Credential,
  http: { method: "POST", path: "/credentials", status: 201 },
  run: async ({
    tx,
    ctx,
    input: { name, provider: providerId, baseUrl: ownBaseUrl, scheme: auth, ...given },
    audit,
  }) => {
    const { orgId, services } = ctx;
    const provider = providerById(providerId);
    if (!provider) throw invalid({ provider: "there is no such provider" });
    const scheme = chosenScheme(provider, auth ?? null);
    checkKnown(provider, scheme, given);
    checkRequired(provider, scheme, given, !!ownBaseUrl);
    const granted = await hostsGranted(tx, ctx);
    const values = withTokenUrl(given, granted);
    const baseUrl = normaliseUrl(
      ownBaseUrl ? ownBaseUrlOf(provider, ownBaseUrl) : (defaultBaseUrlOf(provider, values) ?? ""),
      granted,
      "baseUrl",
    );
    const id = uuidV7(services.now());
    const sealedOrigin = originOf(baseUrl);
    const owner = { orgId, rowId: id, origin: sealedOrigin };
    const sealed = await seal(services.sealPublicKey, owner, boxContent(provider, scheme, values));
    const row = await tx.credential.create({
      data: {
        ...{ id, orgId, name, provider: provider.id, baseUrl, sealed, sealedOrigin, lastFour: lastFourOf(values) },
        ...{ scheme: scheme.auth, settings: settingsOf(values) },
      },
      include: withModels,
    });
    const credential = presentCredential(row, granted);
    await audit({ subject: `credential ${id}`, after: credential });
    return { ...credential, test: await testOnSave(tx, ctx, row) };
  },
});
