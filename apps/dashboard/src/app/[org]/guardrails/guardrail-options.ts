import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import type { SelectOption } from "@/components/ui/select.tsx";

export const KINDS: readonly SelectOption<Guardrail["kind"]>[] = [
  { value: "keyword", label: "Keywords" },
  { value: "regex", label: "Regular expression" },
  { value: "secret", label: "Secrets", hint: "keys, tokens, private keys" },
];

export const ACTIONS: readonly SelectOption<Guardrail["action"]>[] = [
  { value: "block", label: "Block", hint: "refuse the call" },
  { value: "redact", label: "Redact", hint: "remove the match" },
  { value: "flag", label: "Flag", hint: "only record it" },
];

export const MODES: readonly SelectOption<Guardrail["mode"]>[] = [
  { value: "on", label: "On" },
  { value: "shadow", label: "Shadow", hint: "records what it would do" },
];

export const ON_FAILURE: readonly SelectOption<Guardrail["onFailure"]>[] = [
  { value: "closed", label: "Refuse the call" },
  { value: "open", label: "Let it through" },
];

export const labelOf = <T extends string>(options: readonly SelectOption<T>[], value: T): string =>
  options.find((option) => option.value === value)?.label ?? value;
