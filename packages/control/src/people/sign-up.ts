import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";
import { parse } from "../parse.ts";
import { addOrganisation } from "./add-organisation.ts";
import { AddressTaken, addPerson } from "./add-person.ts";
import { installationIsEmpty } from "./installation-is-empty.ts";
import { hashPassword } from "./password.ts";
import { SignUp } from "./schemas.ts";
import { mayCreateOrganisation } from "./sign-up-policy.ts";
import { throttleSignUp } from "./throttle.ts";

const closed = (): TollgateError =>
  new TollgateError("forbidden", "Sign-up is closed here. Ask the operator of this installation for an organisation.");

/** If two first people sign up at the same time, the second waits and is then no longer the first. */
async function requireFirst(tx: Tx): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('first sign-up', 0))`;
  const rows = await tx.$queryRaw<{ has_organisation: boolean }[]>`select has_organisation from installation`;
  if (rows[0]?.has_organisation !== false) throw closed();
}

/**
 * Creates a person and their organisation, which they own. If the address has an account, gives the same answer after the same
 * work and changes nothing. Throws `validation_failed`, `forbidden` if sign-up is closed to this address, and
 * `rate_limit_exceeded` after too many sign-ups from one network address.
 */
export async function signUp(services: Services, input: SignUp, address: string | null): Promise<void> {
  const { email, password, name, organisation } = parse(SignUp, input);
  await throttleSignUp(services, address);
  const admitted = mayCreateOrganisation(services.signUp, email);
  if (!admitted && !(await installationIsEmpty(services))) throw closed();
  const user = { id: uuidV7(services.now()), email, name };
  const passwordHash = await hashPassword(password);
  try {
    await addOrganisation(services, {
      organisation,
      user,
      address,
      enter: async (tx) => {
        if (!admitted) await requireFirst(tx);
        await addPerson(tx, { ...user, passwordHash });
      },
    });
  } catch (error) {
    if (!(error instanceof AddressTaken)) throw error;
  }
}
