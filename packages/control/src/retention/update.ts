import { verb } from "../verb.ts";
import { findRetention } from "./find.ts";
import { Retention, UpdateRetention } from "./schemas.ts";

/** Applies within some hours. What is deleted cannot be brought back by a longer retention. */
export const updateRetention = verb({
  name: "retention.update",
  action: "retention:update",
  input: UpdateRetention,
  output: Retention,
  http: { method: "PATCH", path: "/retention" },
  run: async ({ tx, ctx: { orgId }, input, audit }) => {
    const before = await findRetention(tx, orgId);
    await tx.retention.upsert({ where: { orgId }, create: { ...input, orgId }, update: input });
    const after = await findRetention(tx, orgId);
    await audit({ subject: `organisation ${orgId}`, before, after });
    return after;
  },
});
