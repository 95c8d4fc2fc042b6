import { sql } from "@tollgate/db/query";

/** SQL: whether the roll-ups of an organisation are still as an earlier version wrote them. They lack what only limits count. */
export const reshapesSql = (orgId: string): string => `(
    exists (select from usage_reshape as r where r.org_id = ${orgId})
    or not exists (select from usage_kept where name = 'usage_reshape'))`;

/** The same in a transaction of a tenant: row security shows only the organisation's own row. */
export const RESHAPES = sql`exists (select from usage_reshape)`;
