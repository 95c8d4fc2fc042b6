import type { Grant } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Limit, LimitSubjects } from "@tollgate/contracts/limit";
import type { UsageEvent } from "@tollgate/contracts/usage-event";

type Tags = Readonly<Record<string, string>>;

/** What a usage event, or a row of the ledger, says about who made the call and for what. */
export type Recorded = Omit<LimitSubjects, "tags" | "credentialId"> & Pick<UsageEvent, "tags">;

/** The attributes of a call that its headers contain. */
type Attributes = Pick<Recorded, "tags" | "customer" | "session">;

const tagSubjects = (tags: Tags): string[] => Object.entries(tags).map(([name, value]) => `${name}=${value}`);

/** The subjects on which a call counts. `modelId` is null as long as the model is not known. */
export const subjectsOfCall = (
  { org, key, costCentre }: Pick<Grant, "org" | "key" | "costCentre">,
  modelId: LimitSubjects["modelId"],
  { tags, customer, session }: Attributes,
  endUser: LimitSubjects["endUser"],
): LimitSubjects => ({
  orgId: org.id,
  teamId: key.teamId,
  memberId: key.memberId,
  keyId: key.id,
  modelId,
  tags: tagSubjects(tags),
  customer,
  session,
  endUser,
  costCentre,
});

/** The subjects on which an ended call counts. They are the same as when it was admitted. */
export const subjectsOfRecord = (recorded: Recorded): LimitSubjects => ({
  orgId: recorded.orgId,
  teamId: recorded.teamId,
  memberId: recorded.memberId,
  keyId: recorded.keyId,
  modelId: recorded.modelId,
  tags: tagSubjects(recorded.tags),
  customer: recorded.customer,
  session: recorded.session,
  endUser: recorded.endUser,
  costCentre: recorded.costCentre,
});

/** The subjects of one attempt of a request: its credential. */
export const subjectsOfAttempt = (request: LimitSubjects, credentialId: Uuid): LimitSubjects => ({
  ...request,
  credentialId,
});

const NONE: readonly string[] = [];
const ORGANISATION: readonly string[] = [""];

const only = (wanted: string | null, subject: string | null): readonly string[] =>
  subject === null || (wanted !== null && wanted !== subject) ? NONE : [subject];

/**
 * The subjects of a call that one limit counts. Each has its own counter. A limit without a subject applies to every
 * subject of its scope. The result is empty if the call has no subject of that scope. An organisation's subject is "".
 */
export function subjectsCounted(
  { scope, subject }: Pick<Limit, "scope" | "subject">,
  of: LimitSubjects,
): readonly string[] {
  if (of.credentialId !== undefined) return scope === "credential" ? only(subject, of.credentialId) : NONE;
  switch (scope) {
    case "organisation":
      return ORGANISATION;
    case "team":
      return only(subject, of.teamId);
    case "member":
      return only(subject, of.memberId);
    case "key":
      return only(subject, of.keyId);
    case "model":
      return only(subject, of.modelId);
    case "customer":
      return only(subject, of.customer);
    case "run":
      return only(subject, of.session);
    case "end_user":
      return only(subject, of.endUser);
    case "cost_centre":
      return only(subject, of.costCentre);
    case "credential":
      return NONE;
    case "tag":
      if (subject === null) return [...new Set(of.tags)];
      return of.tags.includes(subject) ? [subject] : NONE;
  }
}
