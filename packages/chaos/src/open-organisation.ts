import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import type { Context } from "@tollgate/control/context";
import { openControl } from "@tollgate/control/open";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { signIn } from "@tollgate/control/people/sign-in";

const PASSWORD = "correct horse battery";

const bytes = (settings: Record<string, string>, name: string): Buffer => Buffer.from(settings[name] ?? "", "base64");

export interface OpenOrganisation {
  owner: Context;
  close(): Promise<void>;
}

/** Creates an organisation with one owner. `settings` are those of the installation; `name` must be unique. */
export async function openOrganisation(settings: Record<string, string>, name: string): Promise<OpenOrganisation> {
  const { services, close } = openControl({
    databaseUrl: settings.TOLLGATE_CONTROL_DATABASE_URL ?? "",
    pepper: bytes(settings, "TOLLGATE_KEY_PEPPER"),
    auditKey: bytes(settings, "TOLLGATE_AUDIT_KEY"),
    sealPublicKey: bytes(settings, "TOLLGATE_SEAL_PUBLIC_KEY"),
    channelPublicKey: bytes(settings, "TOLLGATE_CHANNEL_PUBLIC_KEY"),
    privateHosts: parsePrivateHosts("127.0.0.1=*"),
    proxyUrl: "http://127.0.0.1",
  });
  try {
    const account = {
      email: name === "Acme" ? "owner@example.test" : `${name.toLowerCase()}@example.test`,
      password: PASSWORD,
    };
    const owner = { ...account, name: "Owner" };
    const { slug } = await createOrganisationFor(services, { organisation: name, owner }, null);
    const { sessionId } = await signIn(services, account, null);
    return { owner: await contextForSession(services, sessionId, slug, null), close };
  } catch (error) {
    await close();
    throw error;
  }
}
