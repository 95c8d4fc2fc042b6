import { openPool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import { appendAsSystem } from "../audit/append-as-system.ts";

export interface ResealingOptions {
  /** Of the role tollgate_ingest. */
  databaseUrl: string;
  /** Null: nothing can be recorded in the audit log, so no box is replaced. */
  auditKey: Buffer | null;
  onError: (error: Error) => void;
}

/** Takes in the boxes that the data plane sealed again. */
export interface Resealing {
  /** False: the box it replaces is not there any more. */
  apply(resealed: JobPayload<"credential.resealed">): Promise<boolean>;
  close(): Promise<void>;
}

/** Connects on first use. */
export function openResealing({ databaseUrl, auditKey, onError }: ResealingOptions): Resealing {
  const pool = openPool({ connectionString: databaseUrl, max: 2, onError });
  return {
    async apply({ orgId, credentialId, oldBoxHash, box }) {
      if (!auditKey) throw new Error("TOLLGATE_AUDIT_KEY is not set: re-sealed credentials cannot be recorded");
      const client = await pool.connect();
      try {
        await client.query("begin");
        const { rows } = await client.query<{ origin: string | null }>(
          "select apply_resealed($1, $2, $3, $4) as origin",
          [orgId, credentialId, oldBoxHash, box],
        );
        const origin = rows[0]?.origin ?? null;
        if (origin !== null)
          await appendAsSystem(client, auditKey, {
            orgId,
            action: "credentials.reseal",
            subject: `credential ${credentialId}`,
            before: { origin: null },
            after: { origin },
          });
        await client.query("commit");
        client.release();
        return origin !== null;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}
