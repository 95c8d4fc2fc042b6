import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import { newPerson } from "@tollgate/db/proofs";
import type { Services } from "../context.ts";
import { parse } from "../parse.ts";
import { foundOrganisation } from "./found-organisation.ts";
import { hashPassword } from "./password.ts";
import { SignUp } from "./schemas.ts";
import { throttleSignUp } from "./throttle.ts";

/**
 * A person and their organisation, which they own. Throws `validation_failed`, `conflict` when the address has an account,
 * `rate_limit_exceeded` after too many from one network address.
 */
export async function signUp(
  services: Services,
  input: SignUp,
  address: string | null,
): Promise<{ userId: string; slug: string }> {
  const { email, password, name, organisation } = parse(SignUp, input);
  await throttleSignUp(services, address);
  const passwordHash = await hashPassword(password);
  const user = { id: uuidV7(services.now()), email, name };
  const slug = await foundOrganisation(services, {
    organisation,
    user,
    address,
    enter: async (tx) => {
      if (!(await newPerson(tx, { ...user, passwordHash })))
        throw new TollgateError("conflict", "This e-mail address has an account: sign in.", {
          fields: { email: "has an account: sign in" },
        });
    },
  });
  return { userId: user.id, slug };
}
