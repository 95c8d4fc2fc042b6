import type { Database } from "./client.ts";
import { CLIENT } from "./client-key.ts";
import type { Prisma } from "./generated/client.ts";
import { named } from "./unavailable.ts";

/**
 * What a transaction shows the database to see rows. The database verifies it; row security shows nothing without.
 * A session gives the person's own rows and a list of their organisations or, with `orgId`, that organisation's rows. A token gives its
 * organisation's rows.
 */
export type Proof =
  | { sessionId: string; orgId?: string }
  | { tokenPublicId: string; tokenHash: string }
  /** Nothing: sees only what belongs to nobody. */
  | Record<string, never>;

export type Tx = Prisma.TransactionClient;

/** The session or token is not valid, has ended, or is not of this organisation. */
export class NotAdmitted extends Error {
  override readonly name = "NotAdmitted";
}

/** Milliseconds to wait for a free connection, and for the whole transaction. */
const PATIENCE = { maxWait: 5_000, timeout: 15_000 };

type Admission = { who: string | null };

async function verify(tx: Tx, proof: Proof): Promise<string | null> {
  if ("sessionId" in proof) {
    const { sessionId, orgId = null } = proof;
    const rows = await tx.$queryRaw<Admission[]>`select enter_session(${sessionId}::uuid, ${orgId}::uuid) as who`;
    return rows[0]?.who ?? null;
  }
  const { tokenPublicId, tokenHash } = proof;
  const rows = await tx.$queryRaw<Admission[]>`select enter_token(${tokenPublicId}, ${tokenHash}) as who`;
  return rows[0]?.who ?? null;
}

/**
 * From here on the transaction sees what the proof gives, and nothing else. Returns the person of a session or the
 * organisation of a token. Throws `NotAdmitted`.
 */
export async function enter(tx: Tx, proof: Proof): Promise<string> {
  const who = await verify(tx, proof);
  if (who === null) throw new NotAdmitted("The session or token is not valid here.");
  return who;
}

/**
 * Runs `work` in one transaction that sees what the proof gives; it is rolled back when `work` throws.
 * Throws `NotAdmitted`, and `DatabaseUnavailable` when the database does not answer.
 */
export async function withScope<T>(database: Database, proof: Proof, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await database[CLIENT].$transaction(async (tx) => {
      if (Object.keys(proof).length > 0) await enter(tx, proof);
      return work(tx);
    }, PATIENCE);
  } catch (error) {
    throw named(error);
  }
}

/** The only way to a tenant's rows. */
export const withTenant = withScope;
