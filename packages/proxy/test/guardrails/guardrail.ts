import type { GuardrailPolicy } from "@tollgate/contracts/grant";

/** A rule that is on and blocks, unless said otherwise. */
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
