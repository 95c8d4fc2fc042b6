import { ROLES } from "@tollgate/contracts/role";
import { z } from "zod";
import { CostCentre, Email, Id, Name, Password, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";

export const SignUp = z.strictObject({ email: Email, password: Password, name: Name, organisation: Name });
export type SignUp = z.input<typeof SignUp>;

export const SignIn = z.strictObject({ email: Email, password: z.string().min(1, "is required").max(200) });
export type SignIn = z.input<typeof SignIn>;

export const CreateOrganisation = z.strictObject({ name: Name });
export type CreateOrganisation = z.input<typeof CreateOrganisation>;

export const Member = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  teams: z.array(z.object({ id: z.uuid(), name: z.string() })),
  /** The cost centre of the member's keys, unless the key or its team has one. */
  costCentre: z.string().nullable(),
  createdAt: Time,
});
export type Member = z.infer<typeof Member>;

export const MEMBER_SORTS = ["createdAt", "name", "email", "role"] as const;

export const ListMembers = listInput(MEMBER_SORTS, "createdAt", {
  role: z.enum(ROLES).optional(),
  teamId: Id.optional(),
});

export const AddMember = z.strictObject({
  email: Email,
  name: Name,
  password: Password,
  role: z.enum(ROLES),
  teamIds: z.array(Id).max(100).default([]),
  costCentre: CostCentre.default(null),
});

export const UpdateMember = z.strictObject({
  id: Id,
  role: z.enum(ROLES).optional(),
  teamIds: z.array(Id).max(100).optional(),
  costCentre: CostCentre.optional(),
});
