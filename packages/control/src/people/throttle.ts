import { randomUUID } from "node:crypto";
import { TollgateError } from "@tollgate/contracts/errors";
import { withScope } from "@tollgate/db/with-tenant";
import { hashKey } from "@tollgate/vault/hash-key";
import type { Services } from "../context.ts";

/**
 * Attempts within 15 minutes. The limit per pair of account and address is low. The limit per account is high, and does not apply to
 * an address from which the account has signed in before, so nobody can lock a person out. Callers whose
 * address is unknown are not treated as one caller.
 */
const MINUTES = 15;
const ATTEMPTS_MAX = { pair: 10, address: 100, account: 50, signUp: 60 } as const;
const KNOWN_DAYS = 90;

type Gate = keyof typeof ATTEMPTS_MAX | "known";

const ago = (services: Services, minutes: number): Date => new Date(services.now() - minutes * 60_000);

const bucketOf = (services: Services, gate: Gate, ...who: (string | null)[]): string =>
  `${gate}:${hashKey(services.pepper, JSON.stringify(who))}`;

/** Each attempt is stored before it is checked, so concurrent attempts see each other. */
async function countAttempts(services: Services, buckets: readonly string[]): Promise<Map<string, number>> {
  const at = new Date(services.now());
  await withScope(services.db, {}, (tx) =>
    tx.signInAttempt.createMany({ data: buckets.map((bucket) => ({ id: randomUUID(), bucket, at })) }),
  );
  const counts = await withScope(services.db, {}, (tx) =>
    tx.signInAttempt.groupBy({
      by: ["bucket"],
      where: { bucket: { in: [...buckets] }, at: { gt: ago(services, MINUTES) } },
      _count: true,
    }),
  );
  return new Map(counts.map((row) => [row.bucket, row._count]));
}

const tooMany = (): TollgateError =>
  new TollgateError("rate_limit_exceeded", `Too many attempts. Wait ${MINUTES} minutes.`, {
    retryAfterSeconds: MINUTES * 60,
  });

const isKnown = (services: Services, email: string, address: string | null): Promise<boolean> =>
  withScope(services.db, {}, async (tx) => {
    const bucket = bucketOf(services, "known", email, address);
    const at = { gt: ago(services, KNOWN_DAYS * 24 * 60) };
    return (await tx.signInAttempt.count({ where: { bucket, at } })) > 0;
  });

/** Throws `rate_limit_exceeded`. Call it before checking the password. */
export async function throttleSignIn(services: Services, email: string, address: string | null): Promise<void> {
  const gates = {
    pair: bucketOf(services, "pair", email, address),
    address: bucketOf(services, "address", address),
    account: bucketOf(services, "account", email),
  };
  const attempts = await countAttempts(services, Object.values(gates));
  const over = (gate: keyof typeof gates): boolean => (attempts.get(gates[gate]) ?? 0) > ATTEMPTS_MAX[gate];
  if (over("pair") || (address !== null && over("address"))) throw tooMany();
  if (over("account") && !(await isKnown(services, email, address))) throw tooMany();
}

/** Deletes the attempts of this pair and old attempts, and remembers the address. */
export async function signInSucceeded(services: Services, email: string, address: string | null): Promise<void> {
  const known = bucketOf(services, "known", email, address);
  await withScope(services.db, {}, async (tx) => {
    const outdated = { bucket: { not: { startsWith: "known:" } }, at: { lt: ago(services, 24 * 60) } };
    const forgotten = { at: { lt: ago(services, KNOWN_DAYS * 24 * 60) } };
    const forgiven = { bucket: { in: [bucketOf(services, "pair", email, address), known] } };
    await tx.signInAttempt.deleteMany({ where: { OR: [forgiven, outdated, forgotten] } });
    await tx.signInAttempt.create({ data: { id: randomUUID(), bucket: known, at: new Date(services.now()) } });
  });
}

/** Throws `rate_limit_exceeded`. */
export async function throttleSignUp(services: Services, address: string | null): Promise<void> {
  if (address === null) return;
  const bucket = bucketOf(services, "signUp", address);
  const attempts = await countAttempts(services, [bucket]);
  if ((attempts.get(bucket) ?? 0) > ATTEMPTS_MAX.signUp) throw tooMany();
}
