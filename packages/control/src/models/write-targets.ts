import { uuidV7 } from "@tollgate/contracts/ids";
import type { Tx } from "@tollgate/db/with-tenant";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { invalid } from "../fields.ts";
import type { CreateModel } from "./schemas.ts";
import { storedTimeouts } from "./stored-timeouts.ts";

type TargetInput = z.output<typeof CreateModel>["targets"][number];

/** Replaces the model's targets. Throws `validation_failed` if the organisation does not have a credential. */
export async function writeTargets(tx: Tx, ctx: Context, modelId: string, targets: TargetInput[]): Promise<void> {
  const { orgId, services } = ctx;
  const wanted = { orgId, id: { in: targets.map(({ credentialId }) => credentialId) }, deletedAt: null };
  const known = new Set((await tx.credential.findMany({ where: wanted, select: { id: true } })).map(({ id }) => id));
  const missing = targets.findIndex(({ credentialId }) => !known.has(credentialId));
  if (missing >= 0) throw invalid({ [`targets.${missing}.credentialId`]: "there is no such credential" });
  const data = targets.map(({ timeouts, ...target }, position) => ({
    ...{ id: uuidV7(services.now()), orgId, modelId, position, ...target },
    timeouts: storedTimeouts(timeouts),
  }));
  await tx.target.deleteMany({ where: { orgId, modelId } });
  await tx.target.createMany({ data });
}
