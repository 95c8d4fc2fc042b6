import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import { newOrganisation } from "@tollgate/db/proofs";
import { type Tx, withScope } from "@tollgate/db/with-tenant";
import { audit } from "../audit.ts";
import type { Context, Services } from "../context.ts";
import { slugCandidates } from "./slug.ts";

interface Founding {
  organisation: string;
  user: { id: string; name: string; email: string };
  address: string | null;
  /** Proves or makes the person, in the same transaction. */
  enter: (tx: Tx) => Promise<void>;
}

/** Rolls the transaction back, with the person it may have made. */
class SlugTaken extends Error {}

/** A new organisation whose owner is this person. Returns its slug, which is unique over all tenants. */
export async function foundOrganisation(services: Services, founding: Founding): Promise<string> {
  const { organisation: name, user, address, enter } = founding;
  for (const slug of slugCandidates(name)) {
    const [orgId, memberId] = [uuidV7(services.now()), uuidV7(services.now())];
    const actor = { kind: "user", userId: user.id, memberId, name: user.name } as const;
    const ctx: Context = { services, orgId, proof: {}, actor, role: "owner", address };
    try {
      await withScope(services.db, {}, async (tx) => {
        await enter(tx);
        if (!(await newOrganisation(tx, { id: orgId, slug, name }))) throw new SlugTaken();
        await tx.membership.create({ data: { id: memberId, orgId, userId: user.id, role: "owner" } });
        await audit(tx, ctx, "organisation.create", { subject: `organisation ${orgId}`, after: { name, slug } });
      });
      return slug;
    } catch (error) {
      if (!(error instanceof SlugTaken)) throw error;
    }
  }
  throw new TollgateError("conflict", "That name is taken.", { fields: { organisation: "is taken" } });
}
