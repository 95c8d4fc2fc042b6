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

/** Separate from the lanes of request bodies, so that large bodies do not delay policy such as a revoked key. */
export const policyLane = new Lanes().of("policy");

/** Stored policy that this version cannot read. The message contains the organisation and the field, but no value. */
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

/** Lists that can be long. Their entries are parsed one by one. */
const LISTS: Record<string, z.ZodType> = {
  teams: TeamPolicy,
  models: ModelPolicy,
  credentials: CredentialPolicy,
  limits: Limit,
  scopedLimits: Limit,
  guardrails: GuardrailPolicy,
  prices: DatedPrice,
};
/** Each takes a few microseconds. */
const ENTRIES_A_STEP = 20;

/** Parses one organisation from SQL or from disk. @throws PolicyFault */
export function* parseOrg(orgId: Uuid, org: unknown): Steps<OrgPolicy> {
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
  const { scopedLimits = [], ...others } = lists;
  Object.assign(parsed, others);
  parsed.limits.push(...(scopedLimits as Limit[]));
  return parsed;
}

/** Parses one key from SQL or from disk. @throws PolicyFault */
export function parseKey(publicId: string, key: unknown): KeyPolicy {
  const { orgId } = (typeof key === "object" && key !== null ? key : {}) as { orgId?: unknown };
  const parsed = parseField(String(orgId), `keys[${publicId}]`, KeyPolicy, key);
  if (parsed.publicId !== publicId) throw new PolicyFault(parsed.orgId, "publicId", "is another key's");
  return parsed;
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
