import type { Database } from "./client.ts";
import { CLIENT } from "./client-key.ts";
import type { Prisma } from "./generated/client.ts";
import { named } from "./unavailable.ts";

/** What one transaction may see. Row security shows nothing to an empty scope. */
export interface Scope {
  /** A tenant's rows. */
  orgId?: string;
  /** A person's own row, sessions, memberships and organisations. */
  userId?: string;
  /** The person who says this is their address; lower-cased. */
  signInEmail?: string;
  sessionId?: string;
  tokenPublicId?: string;
}

export type Tx = Prisma.TransactionClient;

const SETTINGS = {
  orgId: "app.org_id",
  userId: "app.user_id",
  signInEmail: "app.sign_in_email",
  sessionId: "app.session_id",
  tokenPublicId: "app.token_public_id",
} as const satisfies Record<keyof Scope, string>;

/** Milliseconds to wait for a free connection, and for the whole transaction. */
const PATIENCE = { maxWait: 5_000, timeout: 15_000 };

/** From here on the transaction sees this scope's rows, and no others. */
export async function enterScope(tx: Tx, scope: Scope): Promise<void> {
  const settings = JSON.stringify(
    Object.fromEntries(Object.entries(SETTINGS).map(([part, setting]) => [setting, scope[part as keyof Scope] ?? ""])),
  );
  // Local to the transaction: the pooled connection goes back without it.
  await tx.$executeRaw`select set_config(key, value, true) from json_each_text(${settings}::json)`;
}

/**
 * Runs `work` in one transaction that sees only the scope's rows; it is rolled back when `work` throws.
 * Throws `DatabaseUnavailable` when the database does not answer.
 */
export async function withScope<T>(database: Database, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await database[CLIENT].$transaction(async (tx) => {
      await enterScope(tx, scope);
      return work(tx);
    }, PATIENCE);
  } catch (error) {
    throw named(error);
  }
}

/** The only way to a tenant's rows. */
export const withTenant = <T>(database: Database, orgId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(database, { orgId }, work);
