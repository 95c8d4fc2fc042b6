import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import { type Tx, withScope } from "@tollgate/db/with-tenant";
import { audit } from "../audit.ts";
import type { Context, Services } from "../context.ts";
import { slugCandidates } from "./slug.ts";

interface Founding {
  organisation: string;
  user: { id: string; name: string; email: string };
  address: string | null;
  /** What must hold or be written first, in the same transaction. */
  prepare: (tx: Tx) => Promise<void>;
}

const isTaken = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "P2002";

/** A new organisation whose owner is this person. Returns its slug, which is unique over all tenants. */
export async function foundOrganisation(services: Services, founding: Founding): Promise<string> {
  const { organisation: name, user, address, prepare } = founding;
  for (const slug of slugCandidates(name)) {
    const [orgId, memberId] = [uuidV7(services.now()), uuidV7(services.now())];
    const actor = { kind: "user", userId: user.id, memberId, name: user.name } as const;
    const ctx: Context = { services, orgId, actor, role: "owner", address };
    try {
      await withScope(services.db, { orgId, userId: user.id, signInEmail: user.email }, async (tx) => {
        await prepare(tx);
        await tx.organisation.create({ data: { id: orgId, slug, name } });
        await tx.membership.create({ data: { id: memberId, orgId, userId: user.id, role: "owner" } });
        await audit(tx, ctx, "organisation.create", { subject: `organisation ${orgId}`, after: { name, slug } });
      });
      return slug;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new TollgateError("conflict", "That name is taken.", { fields: { organisation: "is taken" } });
}
