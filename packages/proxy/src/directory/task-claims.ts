import { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { openPool } from "@tollgate/db/pool";
import { z } from "zod";

/** A task that this proxy has claimed. Until its lease ends, no other proxy does it. */
export interface ClaimedTask {
  id: Uuid;
  organisation: { id: Uuid; slug: string };
  kind: string;
  input: unknown;
  /** Milliseconds since the request. */
  ageMs: number;
  /** Number of proxies that have claimed it, including this one. */
  claims: number;
  /** The current credential, which may be newer than this proxy's policy. */
  credential: CredentialPolicy;
}

/** Tasks in Postgres: see `claim_task` in `prisma/sql/functions`. */
export interface TaskClaims {
  /** The next task of these kinds; null if there is none. Throws if Postgres is down or slow, or a row cannot be read. */
  next(kinds: readonly string[]): Promise<ClaimedTask | null>;
  /** Age of the oldest waiting task of the installation; null if there is none. Throws if Postgres is down. */
  oldestMs(): Promise<number | null>;
  close(): Promise<void>;
}

const Row = z
  .object({
    task_id: z.uuid(),
    org_id: z.uuid(),
    org_slug: z.string(),
    kind: z.string(),
    input: z.unknown(),
    age_ms: z.int(),
    claims: z.int(),
    credential: CredentialPolicy,
  })
  .transform(
    ({ task_id, org_id, org_slug, age_ms, ...row }): ClaimedTask => ({
      ...row,
      id: task_id,
      organisation: { id: org_id, slug: org_slug },
      ageMs: age_ms,
    }),
  );

const OldestRow = z.object({ oldest_ms: z.number().nullable() });

const TIMEOUT_MS = 2_000;
const CLAIM = `
  select task_id, org_id, org_slug, kind, input, age_ms, claims, credential from claim_task($1, $2)`;

/** Has a separate connection, so that a task does not wait for reads of policy. `proxyId` identifies this process. */
export function openTaskClaims(connectionString: string, proxyId: Uuid): TaskClaims {
  const pool = openPool({ connectionString, max: 1, timeoutMs: TIMEOUT_MS });
  return {
    async next(kinds) {
      const { rows } = await pool.query(CLAIM, [proxyId, kinds]);
      return rows[0] ? Row.parse(rows[0]) : null;
    },
    async oldestMs() {
      const { rows } = await pool.query("select oldest_task_ms() as oldest_ms");
      return OldestRow.parse(rows[0]).oldest_ms;
    },
    close: () => pool.end(),
  };
}
