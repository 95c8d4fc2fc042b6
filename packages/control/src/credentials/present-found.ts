import { knownModel } from "@tollgate/catalog/models";
import { TASKS } from "@tollgate/contracts/tasks";
import type { Tx } from "@tollgate/db/with-tenant";
import { presentKnown } from "../catalogue/present-known.ts";
import type { Context } from "../context.ts";
import type { TaskState } from "../tasks/task-state.ts";
import type { FoundModels } from "./schemas.ts";
import { testText } from "./test-text.ts";

const { result: Result } = TASKS["credential.models"];

const TEXTS = {
  no_list: "This provider has no list of models. Add models by their names.",
  unreadable_list: "The host answers, but not with a list of models. Add models by their names.",
} as const;

/** The models that were found last for a credential, with prices of the catalogue and whether they are targets already. */
export async function presentFound(
  tx: Tx,
  { orgId, services }: Pick<Context, "orgId" | "services">,
  { id: credentialId, provider }: { id: string; provider: string },
  task: TaskState | null,
): Promise<FoundModels> {
  const times = { askedAt: task?.askedAt.toISOString() ?? null, foundAt: task?.doneAt?.toISOString() ?? null };
  const nothing = { credentialId, ...times, isPartial: false, items: [] };
  if (!task) return { ...nothing, state: "none", message: "The models were not listed yet." };
  if (task.phase === "running") return { ...nothing, state: "running", message: "A proxy lists them." };
  // A result that a newer proxy wrote in another format counts as none.
  const found = task.phase === "done" ? Result.safeParse(task.result).data : undefined;
  if (!found) {
    const outcome = task.phase === "no_proxy" ? "no_proxy" : "no_answer";
    return { ...nothing, state: "failed", message: testText(outcome, { provider, status: null }) };
  }
  const { outcome, status, models, isPartial } = found;
  if (outcome === "no_list" || outcome === "unreadable_list")
    return { ...nothing, state: "failed", message: TEXTS[outcome] };
  if (outcome !== "works") return { ...nothing, state: "failed", message: testText(outcome, { provider, status }) };
  const targets = await tx.target.findMany({ where: { orgId, credentialId }, select: { upstreamModel: true } });
  const added = new Set(targets.map(({ upstreamModel }) => upstreamModel));
  const atMs = services.now();
  const items = models.map((name) => ({
    ...presentKnown(knownModel(provider, name, atMs)),
    isAdded: added.has(name),
  }));
  return {
    ...nothing,
    state: "found",
    message: models.length === 1 ? "The provider lists one model." : `The provider lists ${models.length} models.`,
    isPartial,
    items,
  };
}
