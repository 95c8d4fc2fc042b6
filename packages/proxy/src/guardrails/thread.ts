import { parentPort } from "node:worker_threads";
import { Budget } from "@tollgate/policy/guardrails/budget";
import { checkTexts } from "@tollgate/policy/guardrails/check-texts";
import type { Findings } from "@tollgate/policy/guardrails/findings";
import { compilePlan, type Plan } from "@tollgate/policy/guardrails/plan";
import { atOnce } from "../body/steps.ts";
import { packing, unpacking } from "./packed-texts.ts";
import type { PackedEdits, Question, Reply } from "./thread-messages.ts";

/** Started by `openThreads`. Checks one request at a time, outside the event loop that serves calls. */

const LOOK_EVERY_STEPS = 16_384;

/** CPU time of this thread, so that rules do not fail because the machine is busy. */
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

function packed(edits: Findings["edits"]): PackedEdits | null {
  if (edits.length === 0) return null;
  const texts = atOnce(packing(edits.map(({ text }) => text)));
  return { texts, indexes: Uint32Array.from(edits, ({ index }) => index) };
}

function send({ rules, edits }: Findings): void {
  const reply: Reply = { rules, edits: packed(edits) };
  const { edits: moved } = reply;
  parentPort?.postMessage(reply, moved ? [moved.texts.lengths.buffer, moved.indexes.buffer] : []);
}

let pieces: string[] = [];

parentPort?.on("message", (question: Question | string) => {
  if (typeof question === "string") {
    pieces.push(question);
    return;
  }
  const texts = atOnce(unpacking({ pieces: [...pieces, question.piece], lengths: question.lengths }));
  pieces = [];
  const plan = planOf(question);
  const budget = new Budget({
    stepsMax: Number.POSITIVE_INFINITY,
    msMax: question.msMax,
    clock: threadMs,
    lookEvery: LOOK_EVERY_STEPS,
  });
  send(checkTexts(plan, texts, budget));
});
parentPort?.postMessage("ready");
