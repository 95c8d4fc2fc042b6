import { TollgateError } from "@tollgate/contracts/errors";
import { enter } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";
import { parse } from "../parse.ts";
import { addOrganisation } from "./add-organisation.ts";
import { readSession } from "./read-session.ts";
import { CreateOrganisation } from "./schemas.ts";
import { mayCreateOrganisation } from "./sign-up-policy.ts";

/**
 * Creates another organisation for the signed-in person. Throws `missing_api_key` if nobody is signed in, and `forbidden` if
 * sign-up is closed to them.
 */
export async function createOrganisation(
  services: Services,
  sessionId: string,
  input: CreateOrganisation,
  address: string | null = null,
): Promise<{ slug: string }> {
  const { name } = parse(CreateOrganisation, input);
  const session = await readSession(services, sessionId);
  if (!session) throw new TollgateError("missing_api_key", "Please sign in.");
  if (!mayCreateOrganisation(services.signUp, session.user.email))
    throw new TollgateError("forbidden", "Only the operator of this installation creates organisations here.");
  const { slug } = await addOrganisation(services, {
    organisation: name,
    user: session.user,
    address,
    enter: async (tx) => void (await enter(tx, { sessionId })),
  });
  return { slug };
}
