import type { Uuid } from "@tollgate/contracts/ids";
import { openPool } from "@tollgate/db/pool";

/** The right to admit calls under blocking limits, as Postgres keeps it: `claim_limits` in the migrations. */
export interface Leases {
  /** Throws when Postgres is down or slow. */
  claim(claim: Claim): Promise<Claimed>;
  /** Releases the right of one process, or (null) of the process that had this spool and has exited. */
  release(spoolId: Uuid, instance: Uuid | null, writtenBytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface Claim {
  spoolId: Uuid;
  instance: Uuid;
  /** True until the first answer to this process's claims. */
  isFirst: boolean;
  /** Location of its counters: `memory` or `redis:<id>`. */
  store: string;
  /** End position of its spool. */
  writtenBytes: number;
}

export interface Claimed {
  /** Identifies the grant. If it changes, another proxy may have had the right in between. Null: not granted. */
  grant: string | null;
  /** The process that prevents the grant; null: none, or another process has taken this one's spool. */
  other: Other | null;
}

export interface Other {
  store: string;
  since: Date;
  /** It has ended, and the ledger does not have all of its usage yet. */
  isGone: boolean;
}

interface Row {
  granted_since: string | null;
  other_store: string | null;
  other_since: Date;
  other_gone: boolean;
}

const TIMEOUT_MS = 2_000;
const CLAIM = `
  select granted_since::text, other_store, other_since, other_gone from claim_limits($1, $2, $3, $4, $5)`;

/** Has a separate connection, so that a claim does not wait for reads of policy. */
export function openLeases(connectionString: string): Leases {
  const pool = openPool({ connectionString, max: 1, timeoutMs: TIMEOUT_MS });
  return {
    async claim({ spoolId, instance, isFirst, store, writtenBytes }) {
      const { rows } = await pool.query<Row>(CLAIM, [spoolId, instance, isFirst, store, writtenBytes]);
      const [row] = rows;
      if (!row) throw new Error("claim_limits gave no row");
      const { granted_since: grant, other_store: other, other_since: since, other_gone: isGone } = row;
      return { grant, other: other === null ? null : { store: other, since, isGone } };
    },
    async release(spoolId, instance, writtenBytes) {
      await pool.query("select release_limits($1, $2, $3)", [spoolId, instance, writtenBytes]);
    },
    close: () => pool.end(),
  };
}
