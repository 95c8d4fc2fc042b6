import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import { newPerson } from "@tollgate/db/proofs";
import type { Tx } from "@tollgate/db/with-tenant";
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

/** Creates a new person. An address with an account is refused: nobody becomes a member without consent, and no account is revealed to other organisations. */
async function addPerson(tx: Tx, { services }: Context, { email, name, password }: Person): Promise<string> {
  const id = uuidV7(services.now());
  if (!(await newPerson(tx, { id, email, name, passwordHash: await hashPassword(password) })))
    throw new TollgateError("conflict", "This e-mail address has an account.", { fields: { email: "has an account" } });
  return id;
}

/** Creates a new person with a first password that the actor chooses, for seeds and until there are invitations. */
export const addMember = verb({
  name: "members.add",
  action: "members:add",
  input: AddMember,
  output: Member,
  http: { internal: "a first password that another person chooses is temporary, until there are invitations" },
  run: async ({ tx, ctx, input: { role, teamIds, costCentre, ...person }, audit }) => {
    const { orgId, services } = ctx;
    authorizeGrant(ctx, role);
    const userId = await addPerson(tx, ctx, person);
    const id = uuidV7(services.now());
    await tx.membership.create({ data: { id, orgId, userId, role, costCentre } });
    await joinTeams(tx, ctx, id, teamIds);
    const member = presentMember(await findMember(tx, orgId, id));
    await audit({ subject: `member ${id}`, after: member });
    return member;
  },
});
