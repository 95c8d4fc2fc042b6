import type { Database } from "./client.ts";
import { CLIENT } from "./client-key.ts";
import type { Prisma } from "./generated/client.ts";
import { named } from "./unavailable.ts";

/**
 * The proof that a transaction gives the database to see rows. The database verifies it. Without it, row security hides all.
 * A session gives access to the person's own rows and a list of their organisations or, with `orgId`, to that organisation's rows. A token gives access to its
 * organisation's rows.
 */
export type Proof =
  | { sessionId: string; orgId?: string }
  | { tokenPublicId: string; tokenHash: string }
  /** No proof: sees only rows that belong to no tenant. */
  | Record<string, never>;

export type Tx = Prisma.TransactionClient;

/** The session or token is invalid, has ended, or belongs to another organisation. */
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
 * From here on the transaction sees only what the proof allows. Returns the person of a session or the
 * organisation of a token. Throws `NotAdmitted`.
 */
export async function enter(tx: Tx, proof: Proof): Promise<string> {
  const who = await verify(tx, proof);
  if (who === null) throw new NotAdmitted("The session or token is not valid here.");
  return who;
}

/**
 * Runs `work` in one transaction that sees what the proof allows. It is rolled back if `work` throws or takes longer than `timeoutMs`.
 * Throws `NotAdmitted`, and `DatabaseUnavailable` if the database does not answer.
 */
export async function withScope<T>(
  database: Database,
  proof: Proof,
  work: (tx: Tx) => Promise<T>,
  timeoutMs = PATIENCE.timeout,
): Promise<T> {
  try {
    return await database[CLIENT].$transaction(
      async (tx) => {
        if (Object.keys(proof).length > 0) await enter(tx, proof);
        return work(tx);
      },
      { ...PATIENCE, timeout: timeoutMs },
    );
  } catch (error) {
    throw named(error);
  }
}

/** The only access to a tenant's rows. */
export const withTenant = withScope;
