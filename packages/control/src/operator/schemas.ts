import { z } from "zod";
import { Email, Name, Password } from "../fields.ts";

export const CreateOrganisationFor = z.strictObject({
  organisation: Name,
  owner: z.strictObject({
    name: Name,
    email: Email,
    /** Default: a generated password. */
    password: Password.optional(),
  }),
});
export type CreateOrganisationFor = z.input<typeof CreateOrganisationFor>;

export const CreatedOrganisation = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  owner: z.object({
    name: z.string(),
    email: z.string(),
    /** The generated password, shown only once; null if the input had one. */
    password: z.string().nullable(),
  }),
});
export type CreatedOrganisation = z.infer<typeof CreatedOrganisation>;
