import { GUARDRAIL_BOUNDS } from "@tollgate/contracts/guardrail-bounds";
import type { Tx } from "@tollgate/db/with-tenant";
import { invalid } from "../fields.ts";
import { presentGuardrail } from "./present.ts";

/**
 * Checks that an organisation may have this rule in addition to its others. Every call is checked against all of them.
 * `id` is null for a new rule. Throws `validation_failed`.
 */
export async function checkRoom(tx: Tx, orgId: string, id: string | null, patterns: readonly string[]): Promise<void> {
  const { rulesMax, allPatternCharsMax } = GUARDRAIL_BOUNDS;
  const rows = await tx.guardrail.findMany({ where: { orgId } });
  const others = rows.filter((row) => row.id !== id);
  if (id === null && others.length >= rulesMax) {
    throw invalid({ name: `an organisation has at most ${rulesMax} guardrails; delete one first` });
  }
  const all = [...others.flatMap((row) => presentGuardrail(row).patterns), ...patterns];
  const chars = all.reduce((sum, pattern) => sum + pattern.length, 0);
  if (chars > allPatternCharsMax) {
    throw invalid({ patterns: `all guardrails together have at most ${allPatternCharsMax} characters of patterns` });
  }
}
