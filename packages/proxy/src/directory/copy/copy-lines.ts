import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { SCOPES_OF_THEIR_OWN } from "@tollgate/contracts/limit";
import { z } from "zod";
import type { LogPosition } from "../changes.ts";
import { PolicyFault, parseKey, parseOrg } from "../parse-policy.ts";

/** Version of the format below. Up to version 6, the copy was one file: see `load-old-copy.ts`. */
const COPY_VERSION = 7;
/** The file that says up to which position the copies in its folder are current. */
export const HEAD_FILE = "head.json";

const ORG_FILE = /^([0-9a-f-]{36})\.jsonl$/;
export const orgFile = (orgId: Uuid): string => `${orgId}.jsonl`;
export const orgOfFile = (name: string): Uuid | undefined => ORG_FILE.exec(name)?.[1];

const Xid = z.string().regex(/^\d+$/).transform(BigInt);

/**
 * At `savedMs` (epoch ms), the folder was current up to that position in the log of changes, except the organisations in
 * `behind`: these were current at the time given there.
 */
export const Head = z.object({
  v: z.literal(COPY_VERSION),
  savedMs: z.number(),
  horizon: Xid,
  last: z.object({ revision: z.string().regex(/^\d+$/), transaction: Xid }),
  behind: z.record(z.uuid(), z.number()),
});

export interface CopyState {
  savedMs: number;
  /** Null: the position is unknown, so anything may have changed since. */
  position: LogPosition | null;
  behind: ReadonlyMap<Uuid, number>;
}

export function headLine(savedMs: number, { horizon, last }: LogPosition, behind: CopyState["behind"]): string {
  return `${JSON.stringify({ v: COPY_VERSION, savedMs, horizon, last, behind: Object.fromEntries(behind) }, text)}\n`;
}

/**
 * One line of an organisation's copy. Later lines replace earlier ones: `org` is its policy, `key` a key with its last use
 * (epoch ms), `gone` the public id of a key that was removed from the copy.
 */
export const Line = z.union([
  z.object({ org: z.looseObject({ id: z.string() }) }),
  z.object({ key: z.looseObject({ publicId: z.string() }), usedMs: z.number() }),
  z.object({ gone: z.string() }),
]);

/**
 * The same split of limits as in the database: an earlier version that reads this copy does not know the newer scopes.
 */
function storedOrg(org: OrgPolicy): object {
  const scopedLimits = org.limits.filter(({ scope }) => SCOPES_OF_THEIR_OWN.has(scope));
  if (scopedLimits.length === 0) return org;
  return { ...org, limits: org.limits.filter(({ scope }) => !SCOPES_OF_THEIR_OWN.has(scope)), scopedLimits };
}

const text = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
export const lineOf = (line: { org: OrgPolicy } | { key: KeyPolicy; usedMs: number } | { gone: string }): string =>
  `${JSON.stringify("org" in line ? { org: storedOrg(line.org) } : line, text)}\n`;

export interface CopiedOrg {
  org: OrgPolicy;
  keys: Map<string, { key: KeyPolicy; usedMs: number }>;
}

/** The content of one organisation's lines. Damaged lines are reported and skipped. */
export function* parseLines(
  orgId: Uuid,
  lines: readonly string[],
  onDamaged: (at: number, fault: PolicyFault | null) => void,
): Generator<void, CopiedOrg | null, void> {
  const found: { org: OrgPolicy | null; keys: CopiedOrg["keys"] } = { org: null, keys: new Map() };
  for (const [at, each] of lines.entries()) {
    if (each.trim() === "") continue;
    const { data: line } = Line.safeParse(jsonOf(each));
    try {
      if (!line) onDamaged(at + 1, null);
      else if ("org" in line) found.org = yield* parseOrg(orgId, line.org);
      else if ("gone" in line) found.keys.delete(line.gone);
      else {
        const key = parseKey(line.key.publicId, line.key);
        if (key.orgId !== orgId) throw new PolicyFault(orgId, "keys.orgId", "is another organisation's");
        found.keys.set(key.publicId, { key, usedMs: line.usedMs });
      }
    } catch (fault) {
      if (!(fault instanceof PolicyFault)) throw fault;
      onDamaged(at + 1, fault);
    }
    yield;
  }
  return found.org && { org: found.org, keys: found.keys };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
