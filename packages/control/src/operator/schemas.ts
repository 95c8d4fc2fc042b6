import { z } from "zod";
import { Email, Name, Password } from "../fields.ts";

export const CreateOrganisationFor = z.strictObject({
  organisation: Name,
  owner: z.strictObject({
    name: Name,
    email: Email,
    /** One is generated when it is left out. */
    password: Password.optional(),
  }),
});
export type CreateOrganisationFor = z.input<typeof CreateOrganisationFor>;

export const FoundedOrganisation = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  owner: z.object({
    name: z.string(),
    email: z.string(),
    /** A generated one, shown this once; null when it was given. */
    password: z.string().nullable(),
  }),
});
export type FoundedOrganisation = z.infer<typeof FoundedOrganisation>;
