import { items, Nothing } from "../fields.ts";
import { hostsGranted } from "../private-hosts.ts";
import { latestTasks } from "../tasks/task-state.ts";
import { verb } from "../verb.ts";
import { presentCredential, withModels } from "./present.ts";
import { presentTest } from "./present-test.ts";
import { Credential } from "./schemas.ts";

export const listCredentials = verb({
  name: "credentials.list",
  action: "credentials:list",
  input: Nothing,
  output: items(Credential),
  http: { method: "GET", path: "/credentials" },
  run: async ({ tx, ctx }) => {
    const rows = await tx.credential.findMany({
      where: { orgId: ctx.orgId, deletedAt: null },
      include: withModels,
      orderBy: { name: "asc" },
    });
    const granted = await hostsGranted(tx, ctx);
    const tests = await latestTasks(tx, ctx.orgId, "credential.test");
    return {
      items: rows.map((row) => {
        const task = tests.get(row.id);
        return { ...presentCredential(row, granted), test: task ? presentTest(task, row.provider) : null };
      }),
    };
  },
});
