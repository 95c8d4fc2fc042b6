import { hash, parseOptions } from "@node-rs/argon2";

/** 32 zero bytes in base64, in place of a hash. */
const NO_HASH = "A".repeat(43);

/** argon2id at OWASP's second profile: 19 MiB, two passes. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFKC"), COST);

/** The hash of the password with this salt, given as `$argon2id$v=…$m=…,t=…,p=…$salt`. The database compares it. */
export function hashWithSalt(password: string, salted: string): Promise<string> {
  const { algorithm, version, memoryCost, timeCost, parallelism } = parseOptions(`${salted}$${NO_HASH}`);
  const salt = Buffer.from(salted.slice(salted.lastIndexOf("$") + 1), "base64");
  return hash(password.normalize("NFKC"), { algorithm, version, memoryCost, timeCost, parallelism, salt });
}
