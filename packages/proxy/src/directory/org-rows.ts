import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { counterKey } from "@tollgate/limits/counter-key";
import { inTurns, type Steps } from "../body/steps.ts";
import { PolicyFault, parseOrg, policyLane } from "./parse-policy.ts";
import type { OrgRows, OrgSnapshot } from "./read.ts";
import type { CounterRow } from "./read-counters.ts";

/** The organisations that were read. An organisation with unreadable policy is in `faults` and does not affect the others. */
export interface OrgReadings {
  orgs: Map<Uuid, OrgSnapshot>;
  faults: Map<Uuid, UnreadOrg>;
}

export interface UnreadOrg {
  fault: PolicyFault;
  settled: OrgSnapshot["settled"];
}

const ROWS_A_STEP = 200;

/** Parses a few rows per turn of the event loop. */
export const parseOrgs = (rows: OrgRows): Promise<OrgReadings> => inTurns(orgSteps(rows), policyLane);

/** The same for counters. An organisation with unreadable policy uses its last readable policy. */
export async function parseLedger(
  rows: OrgRows,
  lastGood: (orgId: Uuid) => OrgPolicy | undefined,
): Promise<Map<Uuid, OrgSnapshot>> {
  const { orgs, faults } = await parseOrgs(rows);
  for (const [orgId, { settled }] of faults) {
    const org = lastGood(orgId);
    if (org) orgs.set(orgId, { org, settled });
  }
  return orgs;
}

function* orgSteps({ policies, revisions, counters, onDemand, legacyBoxes }: OrgRows): Steps<OrgReadings> {
  const settledOf = new Map<Uuid, OrgSnapshot["settled"]>();
  for (const { org_id, counters_revision } of revisions)
    settledOf.set(org_id, {
      committed: new Map(),
      revision: Number(counters_revision),
      onDemand: onDemand.get(org_id) ?? new Set(),
    });
  for (const [at, row] of counters.entries()) {
    settledOf.get(row.org_id)?.committed.set(keyOf(row), BigInt(row.settled));
    if (at % ROWS_A_STEP === 0) yield;
  }
  const readings: OrgReadings = { orgs: new Map(), faults: new Map() };
  for (const { org_id, policy } of policies) {
    const settled = settledOf.get(org_id) ?? { committed: new Map(), revision: 0, onDemand: new Set() };
    try {
      readings.orgs.set(org_id, { org: yield* parseOrg(org_id, policy), settled });
    } catch (fault) {
      if (!(fault instanceof PolicyFault)) throw fault;
      readings.faults.set(org_id, { fault, settled });
    }
    yield;
  }
  for (const { org_id, credential_id, origin } of legacyBoxes)
    nameOrigin(readings.orgs.get(org_id)?.org, credential_id, origin);
  return readings;
}

export const keyOf = (row: Pick<CounterRow, "limit_id" | "window_start" | "subject">): string =>
  counterKey(row.limit_id, row.window_start.getTime(), row.subject);

function nameOrigin(org: OrgPolicy | undefined, credentialId: Uuid, origin: string): void {
  const credential = org?.credentials.find(({ id }) => id === credentialId);
  if (credential) credential.legacyOrigin = origin;
}
