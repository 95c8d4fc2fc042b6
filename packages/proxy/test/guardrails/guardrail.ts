import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { Lanes } from "../../src/body/steps.ts";
import { checkInput, type Verdict } from "../../src/guardrails/check.ts";
import { openThreads, type ThreadOptions } from "../../src/guardrails/threads.ts";
import { WIRES } from "../../src/wires/table.ts";

/** A rule that is on and blocks, unless overridden. */
export const guardrail = (some: Partial<GuardrailPolicy>): GuardrailPolicy => ({
  id: "0190a000-0000-7000-8000-000000000001",
  name: "rule",
  stage: "input",
  kind: "keyword",
  patterns: [],
  action: "block",
  mode: "on",
  onFailure: "closed",
  ...some,
});

export interface Checks {
  check(rules: GuardrailPolicy[], body: Readonly<Record<string, unknown>>, orgId?: string): Promise<Verdict>;
  errors: string[];
  close(): Promise<void>;
}

/** Input checks with separate threads. */
export function openChecks(options: Partial<ThreadOptions> = {}): Checks {
  const errors: string[] = [];
  const threads = openThreads({
    threads: 2,
    lanes: new Lanes(),
    checkMsMax: 60_000,
    waitMsMax: 60_000,
    onError: ({ message }) => void errors.push(message),
    ...options,
  });
  return {
    check: (guardrails, body, id = "0190a000-0000-7000-8000-00000000000a") =>
      checkInput(threads, { id, guardrails }, WIRES["openai-chat"].texts, body),
    errors,
    close: () => threads.close(),
  };
}
