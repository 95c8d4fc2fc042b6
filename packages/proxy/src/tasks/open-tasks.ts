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
  /** Signs results, so that the worker accepts them only from proxies. */
  eventKey: Uint8Array;
  log: Log;
  /** Called at the end of each task with the outcome in its result, `done`, `failed`, or `left` (for another proxy). */
  onEnd?: (kind: string, outcome: string) => void;
  /** Poll interval in milliseconds, used when no notification arrives; default one second. */
  pollMs?: number;
  /** Maximum number of concurrent tasks, default 32. */
  most?: number;
}

export interface Tasks {
  /** Looks for tasks now, because a notification arrived. */
  look(): void;
  /** Age of the oldest waiting task of all proxies, in milliseconds; null when there is none. */
  oldestMs(): Promise<number | null>;
  /** Claims no more tasks, cancels the running ones and leaves them to other proxies. */
  close(): Promise<void>;
}

const POLL_MS = 1_000;
const MOST = 32;
/** Minimum time for the first proxy, however late it claims the task. */
const WORK_MS_MIN = 500;

/** Work of minutes, such as reading the results of a batch, may use half of the places: people wait for the rest. */
const LONG_MS = 60_000;
const LONG_SHARE = 0.5;
const isLong = (kind: string): boolean => isTaskKind(kind) && TASKS[kind].workMs > LONG_MS;
const SHORT_KINDS = TASK_KINDS.filter((kind) => !isLong(kind));

/** Runs work that needs a provider secret, which the control plane cannot open. Results go to the worker as jobs. */
export function openTasks(options: TasksOptions): Tasks {
  const { claims, tools, producer, eventKey, log, onEnd, pollMs = POLL_MS, most = MOST } = options;
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  let long = 0;
  let isAsking = false;
  let isAskedAgain = false;

  async function report({ id: taskId, organisation, kind }: ClaimedTask, found: object): Promise<void> {
    const done = { orgId: organisation.id, taskId, kind, result: JSON.stringify(found) };
    await producer.enqueue("task.done", { ...done, mac: signTask(eventKey, done) });
  }

  async function work(task: ClaimedTask): Promise<void> {
    const { id: taskId, kind, organisation, credential, input } = task;
    try {
      if (!isTaskKind(kind)) throw new Error("this version of the proxy does not know this kind of task");
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(workMs(kind, task))]);
      const given = { organisation, credential, input: TASKS[kind].input.parse(input), signal };
      const found = await (WORKS[kind] as TaskWork<TaskKind>)(given, tools);
      if (!closing.signal.aborted) await report(task, TASKS[kind].result.parse(found));
      onEnd?.(kind, closing.signal.aborted ? "left" : "outcome" in found ? found.outcome : "done");
    } catch (error) {
      onEnd?.(isTaskKind(kind) ? kind : "unknown", closing.signal.aborted ? "left" : "failed");
      log.warn({ orgId: organisation.id, taskId, kind, err: String(error) }, "a task from the dashboard failed");
    }
  }

  async function claimAll(): Promise<void> {
    while (!closing.signal.aborted && underWay.size < most) {
      const task = await claims.next(long < most * LONG_SHARE ? TASK_KINDS : SHORT_KINDS);
      if (!task) return;
      const places = isLong(task.kind) ? 1 : 0;
      long += places;
      const doing = work(task).finally(() => {
        underWay.delete(doing);
        long -= places;
        if (underWay.size === most - 1 || places > 0) look();
      });
      underWay.add(doing);
    }
  }

  /** One query at a time. A notification that arrives during a query starts another one after it. */
  function look(): void {
    if (closing.signal.aborted) return;
    isAskedAgain = true;
    if (isAsking) return;
    isAsking = true;
    void (async () => {
      while (isAskedAgain) {
        isAskedAgain = false;
        await claimAll().catch((error: unknown) =>
          log.warn({ err: String(error) }, "tasks from the dashboard cannot be read"),
        );
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

/** A task that another proxy left unfinished is late in any case, so it gets its full time again. */
function workMs(kind: TaskKind, { ageMs, claims }: ClaimedTask): number {
  const all = TASKS[kind].workMs;
  return claims > 1 ? all : Math.max(WORK_MS_MIN, all - Math.max(0, ageMs));
}
