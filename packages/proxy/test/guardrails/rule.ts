import type { GuardrailPolicy } from "@tollgate/contracts/grant";

/** A rule about the word `swordfish` that is on and blocks, unless overridden. */
export const rule = (given: Partial<GuardrailPolicy> = {}): GuardrailPolicy => ({
  id: crypto.randomUUID(),
  name: "No secrets",
  stage: "input",
  kind: "keyword",
  patterns: ["swordfish"],
  action: "block",
  mode: "on",
  onFailure: "closed",
  ...given,
});
