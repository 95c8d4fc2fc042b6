import { parentPort } from "node:worker_threads";
import { Budget } from "./budget.ts";
import { checkTexts } from "./check-texts.ts";
import { compilePlan, type Plan } from "./plan.ts";
import type { Question, Reply } from "./thread-messages.ts";

/** Started by `openThreads`: checks one request at a time, off the event loop that serves calls. */

const LOOK_EVERY_STEPS = 16_384;

/** This thread's own processor time: a busy machine must not make rules fail. */
const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const plans = new Map<number, Plan>();

function planOf({ plan: number, rules, forgets }: Question): Plan {
  if (forgets) plans.clear();
  const known = plans.get(number);
  if (known) return known;
  if (!rules) throw new Error(`plan ${number} was never sent`);
  const plan = compilePlan(rules);
  plans.set(number, plan);
  return plan;
}

function split({ joined, lengths }: Question): string[] {
  let at = 0;
  return Array.from(lengths, (length) => {
    at += length;
    return joined.slice(at - length, at);
  });
}

const send = (reply: Reply): void => parentPort?.postMessage(reply);

parentPort?.on("message", (question: Question) => {
  const plan = planOf(question);
  const budget = new Budget({
    stepsMax: Number.POSITIVE_INFINITY,
    msMax: question.msMax,
    clock: threadMs,
    lookEvery: LOOK_EVERY_STEPS,
  });
  send(checkTexts(plan, split(question), budget));
});
send("ready");
