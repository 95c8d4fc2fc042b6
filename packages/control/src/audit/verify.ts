import type { Tx } from "@tollgate/db/with-tenant";
import { CHAIN_START, chainHash } from "../audit.ts";
import { Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { AuditVerdict } from "./schemas.ts";

const BATCH = 1000;

const rowsAfter = (tx: Tx, orgId: string, sequence: bigint) =>
  tx.auditEntry.findMany({
    where: { orgId, sequence: { gt: sequence } },
    orderBy: { sequence: "asc" },
    take: BATCH,
  });

/** Checks the whole chain and returns the first row that does not follow from the previous row. */
export const verifyAudit = verb({
  name: "audit.verify",
  action: "audit:read",
  input: Nothing,
  output: AuditVerdict,
  http: { method: "GET", path: "/audit/verify" },
  run: async ({ tx, ctx }) => {
    let [sequence, previous] = [0n, CHAIN_START];
    for (;;) {
      const rows = await rowsAfter(tx, ctx.orgId, sequence);
      for (const { hash, ...row } of rows) {
        const follows = row.sequence === sequence + 1n && hash === chainHash(ctx.services.auditKey, previous, row);
        if (!follows) return { intact: false, entries: Number(sequence), firstBad: row.sequence.toString() };
        [sequence, previous] = [row.sequence, hash];
      }
      if (rows.length < BATCH) return { intact: true, entries: Number(sequence), firstBad: null };
    }
  },
});
