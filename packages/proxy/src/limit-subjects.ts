import type { Grant } from "@tollgate/contracts/grant";
import type { LimitSubjects } from "@tollgate/contracts/limit";
import type { Labels } from "./labels.ts";

/** What a call is counted under. */
export const limitSubjects = ({ org, key }: Grant, modelId: string | null, labels: Labels): LimitSubjects => ({
  orgId: org.id,
  teamId: key.teamId,
  memberId: key.memberId,
  keyId: key.id,
  modelId,
  tags: Object.entries(labels.tags).map(([name, value]) => `${name}=${value}`),
  customer: labels.customer,
});
