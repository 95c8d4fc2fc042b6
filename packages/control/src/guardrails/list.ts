import { sql } from "@tollgate/db/query";
import { page } from "../fields.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentGuardrail } from "./present.ts";
import { type GUARDRAIL_SORTS, Guardrail, ListGuardrails } from "./schemas.ts";

const GUARDRAILS: List<(typeof GUARDRAIL_SORTS)[number]> = {
  name: "guardrails",
  from: sql`guardrail as g`,
  orgId: sql`g.org_id`,
  id: sql`g.id`,
  sorts: {
    name: { by: sql`lower(g.name) collate "C"`, type: "text" },
    kind: { by: sql`g.kind::text collate "C"`, type: "text" },
    action: { by: sql`g.action::text collate "C"`, type: "text" },
    mode: { by: sql`g.mode::text collate "C"`, type: "text" },
    createdAt: { by: sql`g.created_at`, type: "timestamptz" },
  },
  search: sql`g.name || ' ' || g.patterns::text`,
};

/** By name. */
export const listGuardrails = verb({
  name: "guardrails.list",
  action: "guardrails:list",
  input: ListGuardrails,
  output: page(Guardrail),
  http: { method: "GET", path: "/guardrails" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { ids, nextCursor } = await pageOf(GUARDRAILS, work, [
      input.kind && sql`g.kind = ${input.kind}::guardrail_kind`,
      input.mode && sql`g.mode = ${input.mode}::guardrail_mode`,
    ]);
    const rows = await tx.guardrail.findMany({ where: { orgId, id: { in: ids } } });
    return { items: inOrder(ids, rows).map(presentGuardrail), nextCursor };
  },
});
