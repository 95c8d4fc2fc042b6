import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Settings } from "./env.ts";
import { readJsonFile, writeJsonFile } from "./json-file.ts";

export const databaseRoles = ["tollgate_control", "tollgate_proxy", "tollgate_ingest"] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

export type Secrets = {
  postgresPassword: string;
  rolePasswords: Record<DatabaseRole, string>;
  demoPasswords: { admin: string; developer: string; finance: string };
  /** Secrets by the name of their setting. */
  settings: { [K in keyof Settings["secrets"]]-?: string };
};

/**
 * Reads the secrets in `file`, which the first start creates. Secrets that the operator sets take precedence. Secrets that
 * a file of an earlier version does not have are added to it.
 */
export function openSecrets(file: string, brought: Settings["secrets"]): Secrets {
  const stored = readJsonFile<Secrets>(file);
  const fresh = generate();
  const secrets = { ...fresh, ...stored, settings: { ...fresh.settings, ...stored?.settings } };
  if (!isDeepStrictEqual(stored, secrets)) writeJsonFile(file, secrets);
  chmodSync(file, 0o600);
  const own = Object.entries(brought).filter(([, value]) => value !== undefined);
  return { ...secrets, settings: { ...secrets.settings, ...Object.fromEntries(own) } };
}

function generate(): Secrets {
  const [seal, channel] = [sealingKeys(), sealingKeys()];
  return {
    postgresPassword: password(),
    rolePasswords: { tollgate_control: password(), tollgate_proxy: password(), tollgate_ingest: password() },
    demoPasswords: { admin: password(), developer: password(), finance: password() },
    settings: {
      NEXTAUTH_SECRET: key(),
      TOLLGATE_KEY_PEPPER: key(),
      TOLLGATE_AUDIT_KEY: key(),
      TOLLGATE_SEAL_PUBLIC_KEY: seal.publicKey,
      TOLLGATE_SEAL_PRIVATE_KEY: seal.privateKey,
      TOLLGATE_EVENT_KEY: key(),
      TOLLGATE_CHANNEL_PUBLIC_KEY: channel.publicKey,
      TOLLGATE_CHANNEL_PRIVATE_KEY: channel.privateKey,
    },
  };
}

const key = (): string => randomBytes(32).toString("base64");
const password = (): string => randomBytes(15).toString("base64url");

/** An X25519 key pair as 32 raw bytes each, as libsodium's sealed boxes need: the last 32 bytes of the DER form. */
function sealingKeys(): { publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync("x25519", {
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "der" },
  });
  const tail = (der: Buffer) => der.subarray(-32).toString("base64");
  return { publicKey: tail(publicKey), privateKey: tail(privateKey) };
}
