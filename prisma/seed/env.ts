import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the seed is run by packages/local`);
  return value;
}

const bytes = (name: string): Buffer => Buffer.from(required(name), "base64");

/** What the control verbs need of this installation. */
export const env = () => ({
  databaseUrl: required("TOLLGATE_CONTROL_DATABASE_URL"),
  pepper: bytes("TOLLGATE_KEY_PEPPER"),
  auditKey: bytes("TOLLGATE_AUDIT_KEY"),
  sealPublicKey: bytes("TOLLGATE_SEAL_PUBLIC_KEY"),
  channelPublicKey: bytes("TOLLGATE_CHANNEL_PUBLIC_KEY"),
  privateHosts: parsePrivateHosts(required("TOLLGATE_PRIVATE_HOSTS")),
  proxyUrl: required("PROXY_URL"),
});
