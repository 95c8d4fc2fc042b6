import { type Tx, withScope } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";

interface Failure {
  email: string;
  address: string | null;
  reason: "wrong_password" | "too_many_tries";
}

/**
 * Keeps a failed sign-in for the audit log of each organisation of the account. Does the same work and gives the same result
 * if the account does not exist.
 */
export async function noteFailedSignIn(services: Services, { email, address, reason }: Failure): Promise<void> {
  const at = new Date(services.now());
  await withScope(services.db, {}, async (tx) => {
    await tx.$executeRaw`select note_failed_sign_in(${email}, ${address ?? ""}, ${reason}, ${at})`;
  });
}

/** One entry for each person, client address and reason. */
export interface FailedSignIns {
  userId: string;
  address: string | null;
  reason: string;
  times: number;
  firstAt: string;
  lastAt: string;
}

/** Removes and returns the entries that wait for the organisation's audit log, oldest first. */
export async function takeFailedSignIns(tx: Tx, orgId: string): Promise<FailedSignIns[]> {
  const rows = await tx.$queryRaw<(Omit<FailedSignIns, "firstAt" | "lastAt"> & { firstAt: Date; lastAt: Date })[]>`
    delete from sign_in_failure where org_id = ${orgId}::uuid
    returning user_id as "userId", nullif(address, '') as address, reason, times, first_at as "firstAt",
      last_at as "lastAt"`;
  rows.sort((a, b) => a.lastAt.getTime() - b.lastAt.getTime());
  return rows.map((row) => ({ ...row, firstAt: row.firstAt.toISOString(), lastAt: row.lastAt.toISOString() }));
}
