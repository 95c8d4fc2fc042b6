import { TollgateError } from "@tollgate/contracts/errors";
import { enter } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";
import { parse } from "../parse.ts";
import { foundOrganisation } from "./found-organisation.ts";
import { readSession } from "./read-session.ts";
import { CreateOrganisation } from "./schemas.ts";

/** One more organisation for whoever is signed in. Throws `missing_api_key` when nobody is. */
export async function createOrganisation(
  services: Services,
  sessionId: string,
  input: CreateOrganisation,
  address: string | null = null,
): Promise<{ slug: string }> {
  const { name } = parse(CreateOrganisation, input);
  const session = await readSession(services, sessionId);
  if (!session) throw new TollgateError("missing_api_key", "Please sign in.");
  const slug = await foundOrganisation(services, {
    organisation: name,
    user: session.user,
    address,
    enter: async (tx) => void (await enter(tx, { sessionId })),
  });
  return { slug };
}
