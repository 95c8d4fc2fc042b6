import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import { newOrganisation } from "@tollgate/db/proofs";
import { type Tx, withScope } from "@tollgate/db/with-tenant";
import { audit } from "../audit.ts";
import type { Actor, Context, Services } from "../context.ts";
import { slugCandidates } from "./slug.ts";

interface NewOrganisation {
  organisation: string;
  user: { id: string; name: string; email: string };
  /** The actor. Default: the person. */
  actor?: Actor;
  address: string | null;
  /** Verifies or creates the person, in the same transaction. */
  enter: (tx: Tx) => Promise<void>;
}

/** Rolls the transaction back, with a person that it may have created. */
class SlugTaken extends Error {}

/** Creates an organisation with this person as owner. Its slug is unique over all tenants. */
export async function addOrganisation(
  services: Services,
  added: NewOrganisation,
): Promise<{ id: string; slug: string }> {
  const { organisation: name, user, address, enter } = added;
  for (const slug of slugCandidates(name)) {
    const [orgId, memberId] = [uuidV7(services.now()), uuidV7(services.now())];
    const actor = added.actor ?? { kind: "user", userId: user.id, memberId, name: user.name };
    const ctx: Context = { services, orgId, proof: {}, actor, role: "owner", address };
    try {
      await withScope(services.db, {}, async (tx) => {
        await enter(tx);
        if (!(await newOrganisation(tx, { id: orgId, slug, name }))) throw new SlugTaken();
        await tx.membership.create({ data: { id: memberId, orgId, userId: user.id, role: "owner" } });
        await audit(tx, ctx, "organisation.create", {
          subject: `organisation ${orgId}`,
          after: { name, slug, owner: user.email },
        });
      });
      return { id: orgId, slug };
    } catch (error) {
      if (!(error instanceof SlugTaken)) throw error;
    }
  }
  throw new TollgateError("conflict", "That name is taken.", { fields: { organisation: "is taken" } });
}
