import type { Services } from "@tollgate/control/context";
import { openControl } from "@tollgate/control/open";
import { env, signUpPolicy } from "@/env.ts";

let opened: Services | undefined;

/** Dependencies of the control verbs: one per process, opened at first use. */
export function services(): Services {
  if (opened) return opened;
  const settings = env();
  opened = openControl({
    databaseUrl: settings.TOLLGATE_CONTROL_DATABASE_URL,
    pepper: settings.TOLLGATE_KEY_PEPPER,
    auditKey: settings.TOLLGATE_AUDIT_KEY,
    sealPublicKey: settings.TOLLGATE_SEAL_PUBLIC_KEY,
    channelPublicKey: settings.TOLLGATE_CHANNEL_PUBLIC_KEY,
    privateHosts: settings.TOLLGATE_PRIVATE_HOSTS,
    signUp: signUpPolicy(),
    proxyUrl: settings.PROXY_URL,
  }).services;
  return opened;
}
