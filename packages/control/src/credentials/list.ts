import { sql } from "@tollgate/db/query";
import { page } from "../fields.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { hostsGranted } from "../private-hosts.ts";
import { latestTasks } from "../tasks/task-state.ts";
import { verb } from "../verb.ts";
import { presentCredential, withModels } from "./present.ts";
import { presentTest } from "./present-test.ts";
import { type CREDENTIAL_SORTS, Credential, ListCredentials } from "./schemas.ts";

const CREDENTIALS: List<(typeof CREDENTIAL_SORTS)[number]> = {
  name: "credentials",
  from: sql`credential as c`,
  orgId: sql`c.org_id`,
  id: sql`c.id`,
  sorts: {
    name: { by: sql`lower(c.name) collate "C"`, type: "text" },
    provider: { by: sql`c.provider collate "C"`, type: "text" },
    createdAt: { by: sql`c.created_at`, type: "timestamptz" },
    updatedAt: { by: sql`c.updated_at`, type: "timestamptz" },
  },
  search: sql`c.name || ' ' || c.provider || ' ' || c.base_url`,
};

/** By name, each with its last test. */
export const listCredentials = verb({
  name: "credentials.list",
  action: "credentials:list",
  input: ListCredentials,
  output: page(Credential),
  http: { method: "GET", path: "/credentials" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { ids, nextCursor } = await pageOf(CREDENTIALS, work, [
      sql`c.deleted_at is null`,
      input.provider && sql`c.provider = ${input.provider}`,
    ]);
    const rows = await tx.credential.findMany({ where: { orgId, id: { in: ids } }, include: withModels });
    const granted = await hostsGranted(tx, ctx);
    const tests = await latestTasks(tx, orgId, "credential.test", ids);
    const items = inOrder(ids, rows).map((row) => {
      const task = tests.get(row.id);
      return { ...presentCredential(row, granted), test: task ? presentTest(task, row.provider) : null };
    });
    return { items, nextCursor };
  },
});
