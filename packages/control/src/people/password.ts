import { hash, verify } from "@node-rs/argon2";

/** argon2id at OWASP's second profile: 19 MiB, two passes. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFKC"), COST);

/** Of nobody's password: verifying against it takes as long as against a real one. */
let nobody: Promise<string> | undefined;

/** Takes the same time whether there is a hash or not. */
export async function checkPassword(passwordHash: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID());
  const matches = await verify(passwordHash ?? (await nobody), password.normalize("NFKC"));
  return matches && passwordHash !== null;
}
