import { type Sql, sql } from "@tollgate/db/query";
import { page } from "../fields.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentModel, pricingOf, withTargets } from "./present.ts";
import { ListModels, type MODEL_SORTS, Model } from "./schemas.ts";

const plain = sql`model as m`;

/** With the texts of all targets, read once. For each model by itself, Postgres reads all targets of a large organisation again. */
const withTexts = (orgId: string): Sql => sql`model as m left join (
  select t.model_id, string_agg(t.upstream_model || ' ' || c.name, ' ') as said
  from target as t join credential as c on c.org_id = t.org_id and c.id = t.credential_id
  where t.org_id = ${orgId}::uuid group by t.model_id
) as texts on texts.model_id = m.id`;

const modelsList = (orgId: string, isSearch: boolean): List<(typeof MODEL_SORTS)[number]> => ({
  name: "models",
  from: isSearch ? withTexts(orgId) : plain,
  orgId: sql`m.org_id`,
  id: sql`m.id`,
  sorts: {
    name: { by: sql`lower(m.name) collate "C"`, type: "text" },
    createdAt: { by: sql`m.created_at`, type: "timestamptz" },
    cacheTtlSeconds: { by: sql`m.cache_ttl_seconds`, type: "numeric" },
  },
  search: sql`m.name || ' ' || coalesce(texts.said, '')`,
});

/** By name, with the targets. */
export const listModels = verb({
  name: "models.list",
  action: "models:list",
  input: ListModels,
  output: page(Model),
  http: { method: "GET", path: "/models" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { credentialId } = input;
    const { ids, nextCursor } = await pageOf(modelsList(orgId, Boolean(input.search)), work, [
      sql`m.deleted_at is null`,
      credentialId &&
        sql`m.id in (select t.model_id from target as t
          where t.org_id = ${orgId}::uuid and t.credential_id = ${credentialId}::uuid)`,
    ]);
    const rows = await tx.model.findMany({ where: { orgId, id: { in: ids } }, include: withTargets });
    const pricing = await pricingOf(tx, ctx, rows);
    return { items: inOrder(ids, rows).map((row) => presentModel(row, pricing)), nextCursor };
  },
});
