import { providerById } from "@tollgate/catalog/providers";
import { uuidV7 } from "@tollgate/contracts/ids";
import { originOf } from "@tollgate/vault/origin";
import { seal } from "@tollgate/vault/seal";
import { invalid } from "../fields.ts";
import { hostsGranted } from "../private-hosts.ts";
import { verb } from "../verb.ts";
import { normaliseBaseUrl } from "./base-url.ts";
import { presentCredential, withModels } from "./present.ts";
import { checkRequired } from "./required-fields.ts";
import { CreateCredential, Credential } from "./schemas.ts";
import { NO_SECRET } from "./secret.ts";

/** The secret is sealed for the data plane when it is stored. The control plane cannot read it afterwards. */
export const createCredential = verb({
  name: "credentials.create",
  action: "credentials:create",
  input: CreateCredential,
  output: Credential,
  http: { method: "POST", path: "/credentials", status: 201 },
  run: async ({ tx, ctx, input, audit }) => {
    const { orgId, services } = ctx;
    const provider = providerById(input.provider);
    if (!provider) throw invalid({ provider: "there is no such provider" });
    checkRequired(provider, input);
    const { secret = NO_SECRET } = input;
    const granted = await hostsGranted(tx, ctx);
    const baseUrl = normaliseBaseUrl(input.baseUrl || provider.defaultBaseUrl, granted);
    const id = uuidV7(services.now());
    const sealedOrigin = originOf(baseUrl);
    const sealed = await seal(services.sealPublicKey, { orgId, rowId: id, origin: sealedOrigin }, secret);
    const lastFour = secret.slice(-4);
    const row = await tx.credential.create({
      data: { id, orgId, name: input.name, provider: provider.id, baseUrl, sealed, sealedOrigin, lastFour },
      include: withModels,
    });
    const credential = presentCredential(row, granted);
    await audit({ subject: `credential ${id}`, after: credential });
    return { ...credential, test: null };
  },
});
