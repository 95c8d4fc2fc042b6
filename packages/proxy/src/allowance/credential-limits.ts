import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Limit } from "@tollgate/contracts/limit";
import { type Ask, type BearingEntry, holdEntries } from "@tollgate/limits/decide";
import { subjectsOfAttempt, subjectsOfCall } from "@tollgate/policy/limit-subjects";
import type { Parsed } from "../call.ts";

const known = new WeakMap<readonly Limit[], readonly Limit[]>();

/** An organisation's limits on credentials. Most have none. */
export function credentialLimits({ limits }: OrgPolicy): readonly Limit[] {
  let found = known.get(limits);
  if (!found) {
    found = limits.filter(({ scope }) => scope === "credential");
    known.set(limits, found);
  }
  return found;
}

/** The limits of a credential that an attempt counts on, with these amounts. */
export function entriesOfCredential(
  { grant, model, labels, asked, exchange }: Pick<Parsed, "grant" | "model" | "labels" | "asked" | "exchange">,
  credentialId: Uuid,
  amounts: Ask["amounts"],
): BearingEntry[] {
  const subjects = subjectsOfCall(grant, model?.id ?? null, labels, asked.endUser);
  return holdEntries(credentialLimits(grant.org), {
    subjects: subjectsOfAttempt(subjects, credentialId),
    atMs: exchange.atMs,
    zones: grant.org,
    amounts,
  });
}
