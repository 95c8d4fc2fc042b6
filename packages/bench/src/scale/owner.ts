import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import type { Context, Services } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { createModel } from "@tollgate/control/models/create";
import { openControl } from "@tollgate/control/open";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { signIn } from "@tollgate/control/people/sign-in";

export const OWNER = { email: "owner@example.test", password: "correct horse battery" };
export const SLUG = "large";
/** The model that the bench calls. */
export const MODEL = "gpt-4o-mini";

const bytes = (settings: Record<string, string>, name: string): Buffer => Buffer.from(settings[name] ?? "", "base64");

/** Opens the control plane of an installation with these settings. */
export const openServices = (settings: Record<string, string>, now?: () => number) =>
  openControl({
    databaseUrl: settings.TOLLGATE_CONTROL_DATABASE_URL ?? "",
    ...(now && { now }),
    pepper: bytes(settings, "TOLLGATE_KEY_PEPPER"),
    auditKey: bytes(settings, "TOLLGATE_AUDIT_KEY"),
    sealPublicKey: bytes(settings, "TOLLGATE_SEAL_PUBLIC_KEY"),
    channelPublicKey: bytes(settings, "TOLLGATE_CHANNEL_PUBLIC_KEY"),
    privateHosts: parsePrivateHosts("127.0.0.1=*"),
    proxyUrl: "http://127.0.0.1",
  });

/** Session of the owner of the large organisation. */
export const signInOwner = (services: Services): Promise<{ sessionId: string }> => signIn(services, OWNER, null);

export const ownerContext = (services: Services, sessionId: string): Promise<Context> =>
  contextForSession(services, sessionId, SLUG, null);

/** Creates the large organisation, with one provider and model that can be called. Returns its id. */
export async function createLarge(services: Services): Promise<string> {
  await createOrganisationFor(services, { organisation: SLUG, owner: { ...OWNER, name: "Owner" } }, null);
  const { sessionId } = await signInOwner(services);
  const ctx = await ownerContext(services, sessionId);
  const { id } = await createCredential(ctx, {
    name: "Bench",
    provider: "openai",
    baseUrl: "http://127.0.0.1:9/v1",
    secret: "sk-bench",
  });
  await createModel(ctx, { name: MODEL, targets: [{ credentialId: id, upstreamModel: MODEL }] });
  return ctx.orgId;
}
