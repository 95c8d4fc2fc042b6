import {
  type CredentialScheme,
  defaultBaseUrlOf,
  ownBaseUrlOf,
  type Provider,
  providerById,
  ruleOf,
} from "@tollgate/catalog/providers";
import { originOf } from "@tollgate/vault/origin";
import { seal } from "@tollgate/vault/seal";
import { invalid } from "../fields.ts";
import { hostsGranted } from "../private-hosts.ts";
import { outdateTasks } from "../tasks/outdate-tasks.ts";
import { verb } from "../verb.ts";
import { normaliseUrl } from "./base-url.ts";
import { boxContent, changedFields, type FieldValues, lastFourOf, settingsOf } from "./box-content.ts";
import { findCredential } from "./find.ts";
import { lastTest } from "./last-test.ts";
import { boundOrigin, presentCredential, schemeIn, settingsIn, withModels } from "./present.ts";
import { Credential, UpdateCredential } from "./schemas.ts";
import { checkKnown, checkRequired, chosenScheme, withTokenUrl } from "./scheme-fields.ts";
import { testOnSave } from "./test-on-save.ts";

/**
 * What changes the calls is tested at once. Throws `validation_failed` on the secrets if the origin, the scheme or a setting changes and they are not entered again.
 */
export const updateCredential = verb({
  name: "credentials.update",
  action: "credentials:update",
  input: UpdateCredential,
  output: Credential,
  http: { method: "PATCH", path: "/credentials/{id}" },
  run: async ({ tx, ctx, input: { id, name, baseUrl: ownBaseUrl, scheme: auth, ...changes }, audit }) => {
    const { orgId, services } = ctx;
    const before = await findCredential(tx, orgId, id);
    const provider = providerById(before.provider);
    if (!provider) throw invalid({ id: "this version does not know the provider of this credential" });
    const granted = await hostsGranted(tx, ctx);
    const scheme = chosenScheme(provider, auth ?? before.scheme);
    checkKnown(provider, scheme, changes);
    const stored = settingsIn(before);
    const values = withTokenUrl(changedFields(within(scheme, stored), changes), granted);
    const baseUrl = ownBaseUrl
      ? normaliseUrl(ownBaseUrlOf(provider, ownBaseUrl), granted, "baseUrl")
      : baseUrlAfter(provider, before.baseUrl, stored, values);
    const origin = originOf(baseUrl);
    const isEntered = Object.keys(settingsOf(values)).length < Object.keys(values).length;
    // No secret may be sent anywhere.
    const isOpen = before.lastFour === "";
    const why =
      (ownBaseUrl && origin !== boundOrigin(before) && "a new origin needs the secret again") ||
      (scheme.auth !== schemeIn(before) && "another scheme needs the secret again") ||
      (!isSame(settingsOf(values), stored) && "changed settings need the secret again") ||
      null;
    if (why !== null && !isEntered && !isOpen)
      throw invalid(Object.fromEntries(secretsIn(scheme).map((field) => [field, why])));
    const isSealed = isEntered || why !== null || (isOpen && baseUrl !== before.baseUrl);
    if (isSealed) checkRequired(provider, scheme, values, baseUrl !== defaultBaseUrlOf(provider, values));
    const box = isSealed && {
      sealed: await seal(services.sealPublicKey, { orgId, rowId: id, origin }, boxContent(provider, scheme, values)),
      ...{ sealedOrigin: origin, lastFour: lastFourOf(values), scheme: scheme.auth, settings: settingsOf(values) },
    };
    const row = await tx.credential.update({
      where: { orgId_id: { orgId, id } },
      data: { name, baseUrl, ...box },
      include: withModels,
    });
    const credential = presentCredential(row, granted);
    await audit({ subject: `credential ${id}`, before: presentCredential(before, granted), after: credential });
    const isAsBefore = !isEntered && why === null && baseUrl === before.baseUrl;
    if (isAsBefore) return { ...credential, test: await lastTest(tx, row) };
    await outdateTasks(tx, orgId, id);
    return { ...credential, test: await testOnSave(tx, ctx, row) };
  },
});

/** The stored settings that the scheme has too. */
const within = ({ credential }: CredentialScheme, stored: FieldValues): FieldValues =>
  Object.fromEntries(credential.flatMap(({ name }) => (stored[name] === undefined ? [] : [[name, stored[name]]])));

/** The names of the secrets that must be entered; if none must, of those that can be. */
function secretsIn({ credential }: CredentialScheme): (keyof FieldValues)[] {
  const secrets = credential.filter(({ name }) => ruleOf(name).isSecret);
  const needed = secrets.filter(({ isOptional }) => !isOptional);
  return (needed.length > 0 ? needed : secrets).map(({ name }) => name);
}

const isSame = (one: FieldValues, other: FieldValues): boolean =>
  Object.keys({ ...one, ...other }).every(
    (name) => one[name as keyof FieldValues] === other[name as keyof FieldValues],
  );

/** A base URL that was made from the settings follows them. */
const baseUrlAfter = (provider: Provider, before: string, stored: FieldValues, values: FieldValues): string =>
  (before === defaultBaseUrlOf(provider, stored) && defaultBaseUrlOf(provider, values)) || before;
