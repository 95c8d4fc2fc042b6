import type { TaskKind } from "@tollgate/contracts/tasks";
import { pollBatch } from "./batch-poll/poll-batch.ts";
import { testCredential } from "./credential-test/test-credential.ts";
import { listModels } from "./model-list/list-models.ts";
import { resealCredential } from "./reseal-credential.ts";
import type { TaskWork } from "./task.ts";

/** One line for each kind of task. */
export const WORKS: { [K in TaskKind]: TaskWork<K> } = {
  "batch.poll": pollBatch,
  "credential.test": testCredential,
  "credential.models": listModels,
  "credential.reseal": resealCredential,
};
