import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import { enterScope, type Tx } from "@tollgate/db/with-tenant";
import { authorizeGrant } from "../authorize.ts";
import type { Context } from "../context.ts";
import { verb } from "../verb.ts";
import { findMember } from "./find-member.ts";
import { joinTeams } from "./join-teams.ts";
import { hashPassword } from "./password.ts";
import { presentMember } from "./present.ts";
import { AddMember, Member } from "./schemas.ts";

interface Person {
  email: string;
  name: string;
  password: string;
}

/** Whoever has the address already, with the name and password they have; else a new person. */
async function personOf(tx: Tx, { orgId, services }: Context, { email, name, password }: Person): Promise<string> {
  const id = uuidV7(services.now());
  const passwordHash = await hashPassword(password);
  await enterScope(tx, { orgId, userId: id, signInEmail: email });
  const known = await tx.user.findUnique({ where: { email } });
  if (!known) await tx.user.create({ data: { id, email, name, passwordHash } });
  return known?.id ?? id;
}

/** A member with a password of the actor's choosing: for seeds, and until there are invitations. */
export const addMember = verb({
  name: "members.add",
  action: "members:add",
  input: AddMember,
  output: Member,
  http: { internal: "a password chosen by somebody else is for seeds; people are to be invited" },
  run: async ({ tx, ctx, input: { role, teamIds, ...person }, audit }) => {
    const { orgId, services } = ctx;
    authorizeGrant(ctx, role);
    const userId = await personOf(tx, ctx, person);
    await enterScope(tx, { orgId });
    if (await tx.membership.findFirst({ where: { orgId, userId } }))
      throw new TollgateError("conflict", "This person is a member already.", { fields: { email: "is a member" } });
    const id = uuidV7(services.now());
    await tx.membership.create({ data: { id, orgId, userId, role } });
    await joinTeams(tx, ctx, id, teamIds);
    const member = presentMember(await findMember(tx, orgId, id));
    await audit({ subject: `member ${id}`, after: member });
    return member;
  },
});
