import { TASKS } from "@tollgate/contracts/tasks";
import type { TaskState } from "../tasks/task-state.ts";
import type { CredentialTest } from "./schemas.ts";
import { testText } from "./test-text.ts";

const { result: Result } = TASKS["credential.test"];

const STATES: Record<string, CredentialTest["state"]> = { works: "works", rate_limited: "limited" };

/** A test of a credential of this provider. */
export function presentTest({ id, phase, askedAt, doneAt, result }: TaskState, provider: string): CredentialTest {
  const times = { id, askedAt: askedAt.toISOString(), testedAt: doneAt?.toISOString() ?? null };
  if (phase === "running")
    return { ...times, state: "running", outcome: null, message: "A proxy tests it.", durationMs: null };
  // A result that a newer proxy wrote in another format counts as none.
  const found = phase === "done" ? Result.safeParse(result).data : undefined;
  if (!found) {
    const outcome = phase === "no_proxy" ? "no_proxy" : "no_answer";
    return {
      ...times,
      state: "failed",
      outcome,
      message: testText(outcome, { provider, status: null }),
      durationMs: null,
    };
  }
  const { outcome, status, durationMs } = found;
  const message = testText(outcome, { provider, status });
  return { ...times, state: STATES[outcome] ?? "failed", outcome, message, durationMs };
}
