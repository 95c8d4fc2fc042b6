import { GUARDRAIL_BOUNDS } from "@tollgate/contracts/guardrail-bounds";
import { z } from "zod";
import { Id, Name, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";

const stage = z.enum(["input", "output"]);
const kind = z.enum(["keyword", "regex", "secret"]);
const action = z.enum(["block", "redact", "flag"]);
const mode = z.enum(["on", "shadow"]);
const onFailure = z.enum(["open", "closed"]);
/** Keywords, one per entry; one RE2 pattern; empty for secret. */
const patterns = z.array(z.string().min(1).max(GUARDRAIL_BOUNDS.patternCharsMax)).max(GUARDRAIL_BOUNDS.keywordsMax);

export const Guardrail = z.object({
  id: z.uuid(),
  name: z.string(),
  stage,
  kind,
  patterns: z.array(z.string()),
  action,
  mode,
  onFailure,
  createdAt: Time,
});
export type Guardrail = z.infer<typeof Guardrail>;

export const GUARDRAIL_SORTS = ["name", "kind", "action", "mode", "createdAt"] as const;

export const ListGuardrails = listInput(GUARDRAIL_SORTS, "name", { kind: kind.optional(), mode: mode.optional() });

export const CreateGuardrail = z.strictObject({
  name: Name,
  /** Output is not checked yet, so no rule can be created for it. */
  stage: stage.extract(["input"]).default("input"),
  kind,
  patterns: patterns.default([]),
  action,
  mode: mode.default("on"),
  onFailure: onFailure.default("closed"),
});

export const UpdateGuardrail = z.strictObject({
  id: Id,
  name: Name.optional(),
  patterns: patterns.optional(),
  action: action.optional(),
  mode: mode.optional(),
  onFailure: onFailure.optional(),
});
