import { z } from "zod";
import { Allow, CostCentre, Deny, Id, Name, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";

export const Team = z.object({
  id: z.uuid(),
  name: z.string(),
  allow: z.array(z.string()).nullable(),
  deny: z.array(z.string()),
  /** The cost centre of the team's keys, except keys with their own. */
  costCentre: z.string().nullable(),
  /** Number of keys that are not revoked. */
  keyCount: z.int(),
  memberCount: z.int(),
  createdAt: Time,
});
export type Team = z.infer<typeof Team>;

export const TEAM_SORTS = ["name", "createdAt"] as const;

export const ListTeams = listInput(TEAM_SORTS, "name", {});

export const CreateTeam = z.strictObject({
  name: Name,
  allow: Allow.default(null),
  deny: Deny.default([]),
  costCentre: CostCentre.default(null),
});

export const UpdateTeam = z.strictObject({
  id: Id,
  name: Name.optional(),
  allow: Allow.optional(),
  deny: Deny.optional(),
  costCentre: CostCentre.optional(),
});
