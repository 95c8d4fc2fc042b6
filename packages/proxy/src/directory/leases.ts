import type { Uuid } from "@tollgate/contracts/ids";
import { openPool } from "@tollgate/db/pool";

/** The right to admit calls under blocking limits, as Postgres keeps it: `claim_limits` in the migrations. */
export interface Leases {
  /** Throws when Postgres is down or slow. */
  claim(claim: Claim): Promise<Claimed>;
  /** Gives up the right of one process, or (null) of the dead one that had this spool. */
  release(spoolId: Uuid, instance: Uuid | null, writtenBytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface Claim {
  spoolId: Uuid;
  instance: Uuid;
  /** No claim of this process was answered yet. */
  isFirst: boolean;
  /** Where its counters are: `memory` or `redis:<id>`. */
  store: string;
  /** How far its spool is written. */
  writtenBytes: number;
}

export interface Claimed {
  /** Names the grant: another one means that another proxy may have had the right in between. Null: not granted. */
  grant: string | null;
  /** What stands in the way; null: nothing, or another process has taken this one's spool. */
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

/** On a connection of its own: a claim must not wait behind the reading of policy. */
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
