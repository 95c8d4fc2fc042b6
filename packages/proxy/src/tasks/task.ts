import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { TaskInput, TaskKind, TaskResult } from "@tollgate/contracts/tasks";
import type { Lanes } from "../body/steps.ts";
import type { OpenVault } from "../open-vault.ts";
import type { GuardedGet, GuardedPost } from "./guarded-get.ts";
import type { GuardedStream } from "./guarded-stream.ts";

/** Tools for the work of every task. */
export interface TaskTools {
  vault: Pick<OpenVault, "open" | "reseal">;
  /** Reaches only addresses that the organisation may reach. */
  get: GuardedGet;
  /** The same for token endpoints. */
  post: GuardedPost;
  /** Turns of the event loop for large answers, by organisation. */
  lanes: Pick<Lanes, "of">;
  /** The same for a body of any size. */
  stream: GuardedStream;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export interface Task<K extends TaskKind> {
  organisation: { id: Uuid; slug: string };
  credential: CredentialPolicy;
  input: TaskInput<K>;
  /** Aborts when the time of the task is over. The work then returns its partial result. */
  signal: AbortSignal;
}

/** Runs one kind of task. Rejects when there is no result; another proxy then tries. */
export type TaskWork<K extends TaskKind> = (task: Task<K>, tools: TaskTools) => Promise<TaskResult<K>>;
