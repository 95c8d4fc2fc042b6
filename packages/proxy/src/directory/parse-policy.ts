import {
  CredentialPolicy,
  DatedPrice,
  GuardrailPolicy,
  KeyPolicy,
  ModelPolicy,
  OrgPolicy,
  TeamPolicy,
} from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { Limit } from "@tollgate/contracts/limit";
import type { z } from "zod";
import { Lanes, type Steps } from "../body/steps.ts";

/** Apart from the lanes of request bodies: a revoked key must be known soon, whatever bodies callers send. */
export const policyLane = new Lanes().of("policy");

export interface PolicyOfOrg {
  org: OrgPolicy;
  keys: KeyPolicy[];
}

/** Stored policy that this version cannot read. The message names the organisation and the field, and no value. */
export class PolicyFault extends Error {
  readonly orgId: Uuid;
  readonly field: string;
  readonly reason: string;

  constructor(orgId: Uuid, field: string, reason: string) {
    super(`policy of organisation ${orgId} cannot be read: ${field}: ${reason}`);
    this.orgId = orgId;
    this.field = field;
    this.reason = reason;
  }
}

/** Lists that may be long: their entries are parsed one by one. */
const LISTS: Record<string, z.ZodType> = {
  teams: TeamPolicy,
  models: ModelPolicy,
  credentials: CredentialPolicy,
  limits: Limit,
  guardrails: GuardrailPolicy,
  prices: DatedPrice,
};
/** A few microseconds of work each. */
const ENTRIES_A_STEP = 20;

/** Parses what SQL or the disk holds of one organisation. @throws PolicyFault */
export function* parsePolicy(orgId: Uuid, org: unknown, keys: readonly unknown[]): Steps<PolicyOfOrg> {
  const rest: Record<string, unknown> = typeof org === "object" && org !== null ? { ...org } : {};
  const lists: Record<string, unknown[]> = {};
  for (const [name, entry] of Object.entries(LISTS)) {
    const list = rest[name];
    if (!Array.isArray(list)) continue;
    lists[name] = yield* parseEntries(orgId, name, entry, list);
    rest[name] = [];
  }
  const parsed = parseField(orgId, "", OrgPolicy, rest);
  if (parsed.id !== orgId) throw new PolicyFault(orgId, "id", "is another organisation's");
  const ofOrg = yield* parseEntries(orgId, "keys", KeyPolicy, keys);
  const other = ofOrg.findIndex((key) => key.orgId !== orgId);
  if (other >= 0) throw new PolicyFault(orgId, `keys[${other}].orgId`, "is another organisation's");
  return { org: Object.assign(parsed, lists), keys: ofOrg };
}

function* parseEntries<Entry extends z.ZodType>(
  orgId: Uuid,
  name: string,
  entry: Entry,
  list: readonly unknown[],
): Steps<z.output<Entry>[]> {
  const parsed: z.output<Entry>[] = [];
  for (const value of list) {
    parsed.push(parseField(orgId, `${name}[${parsed.length}]`, entry, value));
    if (parsed.length % ENTRIES_A_STEP === 0) yield;
  }
  return parsed;
}

function parseField<Field extends z.ZodType>(orgId: Uuid, name: string, field: Field, value: unknown): z.output<Field> {
  const result = field.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? [])
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("");
  throw new PolicyFault(orgId, `${name}${path}`.replace(/^\./, "") || "policy", issue?.message ?? "is not policy");
}
