import { randomBytes } from "node:crypto";
import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import type { Services } from "../context.ts";
import { parse } from "../parse.ts";
import { addOrganisation } from "../people/add-organisation.ts";
import { AddressTaken, addPerson } from "../people/add-person.ts";
import { hashPassword } from "../people/password.ts";
import { type CreatedOrganisation, CreateOrganisationFor } from "./schemas.ts";

/** 120 bits. */
const generate = (): string => randomBytes(15).toString("base64url");

/**
 * Creates an organisation with its first owner for the operator, independently of the sign-up policy. Throws
 * `validation_failed`, and `conflict` if the owner's address has an account.
 */
export async function createOrganisationFor(
  services: Services,
  input: CreateOrganisationFor,
  address: string | null,
): Promise<CreatedOrganisation> {
  const { organisation, owner } = parse(CreateOrganisationFor, input);
  const { name, email } = owner;
  const password = owner.password ?? generate();
  const passwordHash = await hashPassword(password);
  const user = { id: uuidV7(services.now()), email, name };
  try {
    const { id, slug } = await addOrganisation(services, {
      organisation,
      user,
      actor: { kind: "system", name: "Operator" },
      address,
      enter: (tx) => addPerson(tx, { ...user, passwordHash }),
    });
    return { id, slug, name: organisation, owner: { name, email, password: owner.password ? null : password } };
  } catch (error) {
    if (!(error instanceof AddressTaken)) throw error;
    const fields = { "owner.email": "has an account" };
    throw new TollgateError("conflict", "The owner's e-mail address has an account.", { fields });
  }
}
