import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { originOf } from "@tollgate/vault/origin";
import { z } from "zod";
import { inTurns } from "../body/steps.ts";
import type { Log } from "../ports.ts";
import { PolicyFault, parsePolicy, policyLane } from "./parse-policy.ts";
import { POLICY_FILE_VERSION } from "./save-policy.ts";
import type { Snapshot } from "./snapshot.ts";

const Head = z.object({ v: z.literal(POLICY_FILE_VERSION), savedMs: z.number() });
const OrgLine = z.object({ org: z.looseObject({ id: z.string() }), keys: z.int() });
const KeyLine = z.object({ key: z.unknown() });
/** The whole copy in one line. 4 is from before boxes named their origin: each has the origin of its credential's address. */
const OldCopy = z.object({
  v: z.literal([4, 5]),
  savedMs: z.number(),
  orgs: z.array(z.object({ org: z.looseObject({ id: z.string() }), keys: z.array(z.unknown()) })),
});

interface Stored {
  orgId: string;
  org: unknown;
  keys: unknown[];
  /** How many keys there are to be. */
  keyCount: number;
  isOld?: boolean;
}

/**
 * Applies the copy on disk. An organisation that cannot be read is logged and left out.
 * @returns when the copy was saved, epoch ms; null: there is none that can be read.
 */
export async function loadPolicy(file: string, snapshot: Snapshot, log: Log): Promise<number | null> {
  try {
    const lines = createInterface({ input: createReadStream(file, "utf8") })[Symbol.asyncIterator]();
    const first: unknown = JSON.parse((await lines.next()).value ?? "");
    const old = OldCopy.safeParse(first);
    const head = old.success ? old.data : Head.parse(first);
    const stored = old.success ? oldOrgs(old.data) : orgsOf(lines, log);
    for await (const each of stored) await apply(each, snapshot, log);
    return head.savedMs;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") log.error({ err: String(error) }, "the copy of the policy on disk cannot be read");
    return null;
  }
}

function* oldOrgs({ v, orgs }: z.infer<typeof OldCopy>): Generator<Stored> {
  for (const { org, keys } of orgs) yield { orgId: org.id, org, keys, keyCount: keys.length, isOld: v === 4 };
}

/** Puts the lines of each organisation together. */
async function* orgsOf(lines: AsyncIterable<string>, log: Log): AsyncGenerator<Stored> {
  let stored: Stored | undefined;
  let at = 1;
  for await (const line of lines) {
    at += 1;
    const value = jsonOf(line);
    const org = OrgLine.safeParse(value);
    if (org.success) {
      if (stored) yield stored;
      stored = { orgId: org.data.org.id, org: org.data.org, keys: [], keyCount: org.data.keys };
      continue;
    }
    const key = KeyLine.safeParse(value);
    // Left out, a damaged line makes the number of keys wrong.
    if (key.success && "key" in key.data) stored?.keys.push(key.data.key);
    else log.error({ line: at }, "a line of the policy's copy on disk is damaged");
  }
  if (stored) yield stored;
}

async function apply({ orgId, org, keys, keyCount, isOld }: Stored, snapshot: Snapshot, log: Log): Promise<void> {
  try {
    if (keys.length !== keyCount) throw new PolicyFault(orgId, "keys", `${keys.length} of ${keyCount} are there`);
    const parsed = await inTurns(parsePolicy(orgId, org, keys), policyLane);
    if (isOld) for (const credential of parsed.org.credentials) credential.legacyOrigin = originOf(credential.baseUrl);
    snapshot.apply(parsed.org, parsed.keys);
  } catch (fault) {
    if (!(fault instanceof PolicyFault)) throw fault;
    const { field, reason } = fault;
    log.error({ orgId, field, reason }, "the copy of an organisation's policy on disk cannot be read");
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
