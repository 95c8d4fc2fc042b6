import { Worker } from "node:worker_threads";
import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { type Findings, unchecked } from "@tollgate/policy/guardrails/findings";
import { atOnce, inTurns, type Lane, type Lanes, type Steps } from "../body/steps.ts";
import { packing, unpacking } from "./packed-texts.ts";
import { ThreadLanes } from "./thread-lanes.ts";
import type { PackedEdits, Question, Reply } from "./thread-messages.ts";

/** Checks large texts in threads. */
export interface GuardrailThreads {
  /** Never rejects: if the check cannot run, the findings say so. */
  check(orgId: string, rules: readonly GuardrailPolicy[], texts: readonly string[]): Promise<Findings>;
  close(): Promise<void>;
}

export interface ThreadOptions {
  /** Maximum number of threads. A thread starts when it is needed. */
  threads: number;
  /** Maximum elapsed time of one check. After it, its thread is terminated. */
  checkMsMax?: number;
  /** Maximum time that a check waits for a thread. */
  waitMsMax?: number;
  /** Turns for packing large texts. */
  lanes: Lanes;
  onError: (error: Error) => void;
  /** The module that a thread runs. */
  script?: URL;
}

interface Job {
  orgId: string;
  /** A check of few characters gets little time. If that is not enough, it runs once more as a large check. */
  isSmall: boolean;
  rules: readonly GuardrailPolicy[];
  texts: readonly string[];
  /** Number of characters in all texts. */
  chars: number;
  finish(findings: Findings): void;
  giveUp: NodeJS.Timeout | undefined;
}

interface Thread {
  worker: Worker;
  isReady: boolean;
  job: Job | null;
  deadline: NodeJS.Timeout | undefined;
  /** The plans that it has compiled. */
  plans: Set<number>;
}

const CHECK_MS_MAX = 10_000;
const WAIT_MS_MAX = 10_000;
const SMALL_CHARS_MAX = 16_384;
/** Milliseconds of CPU time that all rules of one request may use. */
const SMALL_MS_MAX = 50;
const LARGE_MS_MAX = 500;
/** Additional milliseconds per million characters. Keywords and secrets need them on a slow machine. */
const MORE_MS_PER_MILLION = 100;
/** Number of plans after which a thread drops all of them. */
const PLANS_MAX = 100;
const MEMORY_MIB_MAX = 512;

/** A limited number of threads. One organisation cannot use them all. A check that hangs or a thread that exits is replaced. */
export function openThreads(options: ThreadOptions): GuardrailThreads {
  const { threads: threadsMax, checkMsMax = CHECK_MS_MAX, waitMsMax = WAIT_MS_MAX, lanes, onError } = options;
  const script = options.script ?? new URL("./thread.ts", import.meta.url);
  const threads = new Set<Thread>();
  const line = new ThreadLanes<Job>(threadsMax);
  const numbers = new WeakMap<readonly GuardrailPolicy[], number>();
  let plans = 0;
  let isClosed = false;

  const planOf = (rules: readonly GuardrailPolicy[]): number => {
    const known = numbers.get(rules) ?? ++plans;
    numbers.set(rules, known);
    return known;
  };

  function start(): void {
    const worker = new Worker(script, {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB_MAX },
    });
    const thread: Thread = { worker, isReady: false, job: null, deadline: undefined, plans: new Set() };
    threads.add(thread);
    worker.unref();
    worker.on("message", async (reply: Reply | "ready") => {
      if (reply === "ready") thread.isReady = true;
      else end(thread, await received(reply, lanes.of(thread.job?.orgId ?? "")));
      dispatch();
    });
    worker.on("error", (error) => onError(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => {
      threads.delete(thread);
      if (thread.job) end(thread, unchecked(thread.job.rules.length, "thread"));
      if (!isClosed) dispatch();
    });
  }

  function end(thread: Thread, findings: Findings): void {
    const { job } = thread;
    clearTimeout(thread.deadline);
    thread.job = null;
    if (!job) return;
    line.done(job);
    if (job.isSmall && isOutOfTime(findings)) wait({ ...job, isSmall: false });
    else job.finish(findings);
  }

  /** Ends the check and terminates its thread, because a running check cannot be stopped in another way. */
  function abandon(thread: Thread): void {
    onError(new Error(`a guardrail check took more than ${checkMsMax} ms; its thread is ended`));
    threads.delete(thread);
    if (thread.job) end(thread, unchecked(thread.job.rules.length, "time"));
    void thread.worker.terminate();
    dispatch();
  }

  function dispatch(): void {
    for (const thread of threads) {
      if (!thread.isReady || thread.job) continue;
      const job = line.take();
      if (!job) break;
      clearTimeout(job.giveUp);
      thread.job = job;
      thread.deadline = setTimeout(() => abandon(thread), checkMsMax);
      void ask(thread, job);
    }
    const isAnyFree = [...threads].some(({ isReady, job }) => !isReady || job === null);
    if (!line.isEmpty && !isAnyFree && threads.size < threadsMax) start();
  }

  async function ask(thread: Thread, job: Job): Promise<void> {
    const { worker, plans: known } = thread;
    const { rules, texts, chars, isSmall } = job;
    const lane = lanes.of(job.orgId);
    const packed = isFew(texts, chars) ? atOnce(packing(texts)) : await inTurns(packing(texts), lane);
    const piece = packed.pieces.pop() ?? "";
    for (const each of packed.pieces) {
      await lane.turn();
      worker.postMessage(each);
    }
    // The check has run out of time meanwhile.
    if (thread.job !== job) return;
    const plan = planOf(rules);
    const forgets = known.size >= PLANS_MAX && !known.has(plan);
    if (forgets) known.clear();
    const { lengths } = packed;
    const msMax = isSmall ? SMALL_MS_MAX : LARGE_MS_MAX + (chars / 1e6) * MORE_MS_PER_MILLION;
    const question: Question = { plan, rules: known.has(plan) ? null : rules, forgets, msMax, piece, lengths };
    known.add(plan);
    worker.postMessage(question, [lengths.buffer]);
  }

  const refuse = (job: Job): void => job.finish(unchecked(job.rules.length, "busy"));

  /** Queues a job. It is refused if no thread takes it in time. */
  function wait(job: Job): void {
    job.giveUp = setTimeout(() => {
      line.remove(job);
      refuse(job);
    }, waitMsMax);
    if (!isClosed && line.add(job)) return;
    clearTimeout(job.giveUp);
    refuse(job);
  }

  return {
    check: (orgId, rules, texts) =>
      new Promise((finish) => {
        const chars = texts.reduce((sum, { length }) => sum + length, 0);
        wait({ orgId, isSmall: chars <= SMALL_CHARS_MAX, rules, texts, chars, finish, giveUp: undefined });
        dispatch();
      }),
    async close() {
      isClosed = true;
      for (const job of line.drain()) {
        clearTimeout(job.giveUp);
        refuse(job);
      }
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

/** Few enough texts to pack and unpack them at once. */
const isFew = ({ length }: { length: number }, chars = 0): boolean => length <= 1_000 && chars <= 65_536;

async function received({ rules, edits: packed }: Reply, lane: Lane): Promise<Findings> {
  if (!packed) return { rules, edits: [] };
  const reading = unpackingEdits(packed);
  return { rules, edits: isFew(packed.indexes) ? atOnce(reading) : await inTurns(reading, lane) };
}

function* unpackingEdits({ texts, indexes }: PackedEdits): Steps<Findings["edits"]> {
  return (yield* unpacking(texts)).map((text, number) => ({ index: indexes[number] ?? 0, text }));
}

const isOutOfTime = ({ rules }: Findings): boolean => rules.some(({ failure }) => failure === "time");
