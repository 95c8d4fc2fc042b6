import { listCatalogueModels } from "@tollgate/control/catalogue/models";
import type { Context } from "@tollgate/control/context";
import type { Credential } from "@tollgate/control/credentials/schemas";
import type { Suggestions } from "./model-choices.ts";

/** The catalogue's models of each provider that the organisation has a credential for. */
export async function suggestionsFor(ctx: Context, credentials: readonly Credential[]): Promise<Suggestions> {
  const providers = [...new Set(credentials.map(({ provider }) => provider))];
  const known = await Promise.all(
    providers.map(async (provider) => [provider, (await listCatalogueModels(ctx, { provider })).items] as const),
  );
  return Object.fromEntries(known);
}
