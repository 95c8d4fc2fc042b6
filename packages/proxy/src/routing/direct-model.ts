import { providerById } from "@tollgate/catalog/providers";
import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy, OrgPolicy, RoutedModel } from "@tollgate/contracts/grant";
import { UPSTREAM_MODEL } from "@tollgate/contracts/tasks";

/** A UUID that belongs to a credential: its own one with version 8. All direct models of a credential share a breaker. */
const targetIdOf = ({ id }: CredentialPolicy): string => `${id.slice(0, 14)}8${id.slice(15)}`;

/** The credentials by which calls may address this provider's models directly. */
const credentialsOf = ({ credentials }: OrgPolicy, provider: string): readonly CredentialPolicy[] =>
  credentials.filter((credential) => credential.provider === provider);

/**
 * The model that `provider/model` addresses directly, with the organisation's only credential of the provider as its target.
 * Undefined: the name begins with no provider. Throws 404 `model_not_found` if direct addressing is off or there is no
 * credential, 400 `invalid_value` if there are several or the provider can have no such model.
 */
export function directModel(org: OrgPolicy, name: string): RoutedModel | undefined {
  const slash = name.indexOf("/");
  const provider = slash > 0 ? providerById(name.slice(0, slash)) : undefined;
  if (!provider) return undefined;
  const refuse = (code: "model_not_found" | "invalid_value", why: string): TollgateError =>
    new TollgateError(code, `There is no model ${name}. ${why}`, { param: "model" });
  if (!org.directModels)
    throw refuse("model_not_found", "This organisation does not allow calls to address a provider's model directly.");
  const [credential, ...more] = credentialsOf(org, provider.id);
  if (!credential) throw refuse("model_not_found", `This organisation has no credential of ${provider.name}.`);
  if (more.length > 0) {
    const why = `This organisation has ${more.length + 1} credentials of ${provider.name}, so it is not clear which one is meant. Add a model for it.`;
    throw refuse("invalid_value", why);
  }
  const upstreamModel = name.slice(slash + 1);
  if (!UPSTREAM_MODEL.test(upstreamModel))
    throw refuse(
      "invalid_value",
      "After the provider it needs at most 200 visible ASCII characters that leave a URL's path as it is.",
    );
  const target = { id: targetIdOf(credential), credentialId: credential.id, upstreamModel, priority: 0, weight: 1 };
  return { id: null, name, route: "priority", cacheTtlSeconds: 0, maxOutputTokens: null, targets: [target] };
}

/** The providers whose models calls may address directly: those with one credential. */
export function directProviders(org: OrgPolicy): string[] {
  if (!org.directModels) return [];
  const ids = new Set(org.credentials.map(({ provider }) => provider));
  return [...ids].filter((id) => providerById(id) && credentialsOf(org, id).length === 1).sort();
}
