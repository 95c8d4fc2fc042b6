import { isTaskKind, TASK_KINDS, TASKS, type TaskKind } from "@tollgate/contracts/tasks";
import type { Producer } from "@tollgate/jobs/producer";
import { signTask } from "@tollgate/vault/task-mac";
import type { ClaimedTask, TaskClaims } from "../directory/task-claims.ts";
import type { Log } from "../ports.ts";
import type { TaskTools, TaskWork } from "./task.ts";
import { WORKS } from "./works.ts";

export interface TasksOptions {
  claims: TaskClaims;
  tools: TaskTools;
  producer: Pick<Producer, "enqueue">;
  /** Signs results, so that the worker takes them from proxies alone. */
  eventKey: Uint8Array;
  log: Log;
  /** Called at the end of each task: the outcome in its result, `done`, `failed`, or `left` to another proxy. */
  onEnd?: (kind: string, outcome: string) => void;
  /** Milliseconds between two questions for a task, where no notification arrives; default one second. */
  pollMs?: number;
  /** Tasks done at the same time, default 32. */
  most?: number;
}

export interface Tasks {
  /** Asks for tasks now: one was announced. */
  look(): void;
  /** Age of the oldest task that somebody waits for, of all proxies; null: there is none. */
  oldestMs(): Promise<number | null>;
  /** Takes no more tasks, cancels those under way and leaves them to other proxies. */
  close(): Promise<void>;
}

const POLL_MS = 1_000;
const MOST = 32;
/** What a first proxy has at least, however late it learned of the task. */
const WORK_MS_MIN = 500;

/** Does the work that the control plane cannot do without a secret. Its results go to the worker as jobs. */
export function openTasks(options: TasksOptions): Tasks {
  const { claims, tools, producer, eventKey, log, onEnd, pollMs = POLL_MS, most = MOST } = options;
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  let isAsking = false;
  let isAskedAgain = false;

  async function report({ id: taskId, organisation, kind }: ClaimedTask, found: object): Promise<void> {
    const done = { orgId: organisation.id, taskId, kind, result: JSON.stringify(found) };
    await producer.enqueue("task.done", { ...done, mac: signTask(eventKey, done) });
  }

  async function work(task: ClaimedTask): Promise<void> {
    const { id: taskId, kind, organisation, credential, input } = task;
    try {
      if (!isTaskKind(kind)) throw new Error("this proxy does not know the kind");
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(workMs(kind, task))]);
      const given = { organisation, credential, input: TASKS[kind].input.parse(input), signal };
      const found = await (WORKS[kind] as TaskWork<TaskKind>)(given, tools);
      if (!closing.signal.aborted) await report(task, TASKS[kind].result.parse(found));
      onEnd?.(kind, closing.signal.aborted ? "left" : "outcome" in found ? found.outcome : "done");
    } catch (error) {
      onEnd?.(isTaskKind(kind) ? kind : "unknown", closing.signal.aborted ? "left" : "failed");
      log.warn({ orgId: organisation.id, taskId, kind, err: String(error) }, "task not done");
    }
  }

  async function claimAll(): Promise<void> {
    while (!closing.signal.aborted && underWay.size < most) {
      const task = await claims.next(TASK_KINDS);
      if (!task) return;
      const doing = work(task).finally(() => {
        underWay.delete(doing);
        if (underWay.size === most - 1) look();
      });
      underWay.add(doing);
    }
  }

  /** One question at a time; a task that is announced meanwhile is asked for afterwards. */
  function look(): void {
    if (closing.signal.aborted) return;
    isAskedAgain = true;
    if (isAsking) return;
    isAsking = true;
    void (async () => {
      while (isAskedAgain) {
        isAskedAgain = false;
        // Postgres that is away is reported by the reading of policy.
        await claimAll().catch((error: unknown) => log.warn({ err: String(error) }, "tasks cannot be claimed"));
      }
      isAsking = false;
    })();
  }

  const poll = setInterval(look, pollMs);
  return {
    look,
    oldestMs: claims.oldestMs,
    async close() {
      clearInterval(poll);
      closing.abort();
      await Promise.all(underWay);
      await claims.close();
    },
  };
}

/** A task that another proxy has left unfinished is late in any case, so it gets its whole time again. */
function workMs(kind: TaskKind, { ageMs, claims }: ClaimedTask): number {
  const all = TASKS[kind].workMs;
  return claims > 1 ? all : Math.max(WORK_MS_MIN, all - Math.max(0, ageMs));
}
