import { randomUUID } from "node:crypto";
import { TollgateError } from "@tollgate/contracts/errors";
import { enterScope, withScope } from "@tollgate/db/with-tenant";
import { audit } from "../audit.ts";
import type { Services } from "../context.ts";
import { parse } from "../parse.ts";
import { checkPassword } from "./password.ts";
import { SignIn } from "./schemas.ts";
import { signInSucceeded, throttleSignIn } from "./throttle.ts";

const SESSION_DAYS = 14;

interface SignedIn {
  /** Unguessable; whoever has it is signed in until the row is gone. */
  sessionId: string;
  userId: string;
  name: string;
  email: string;
}

/**
 * One answer and one timing for a wrong password and an unknown address: `invalid_value`. Throws `rate_limit_exceeded`
 * after too many tries, whether the last one was right or not.
 */
export async function signIn(services: Services, input: SignIn, address: string | null): Promise<SignedIn> {
  const { email, password } = parse(SignIn, input);
  await throttleSignIn(services, email, address);
  const user = await withScope(services.db, { signInEmail: email }, (tx) => tx.user.findUnique({ where: { email } }));
  const right = await checkPassword(user?.passwordHash ?? null, password);
  if (!user || !right) throw new TollgateError("invalid_value", "The e-mail address or the password is wrong.");
  await signInSucceeded(services, email, address);
  const sessionId = await openSession(services, user, address);
  return { sessionId, userId: user.id, name: user.name, email };
}

async function openSession(services: Services, user: { id: string; name: string }, address: string | null) {
  const [sessionId, createdAt] = [randomUUID(), new Date(services.now())];
  const expiresAt = new Date(services.now() + SESSION_DAYS * 86_400_000);
  await withScope(services.db, { userId: user.id }, async (tx) => {
    await tx.userSession.deleteMany({ where: { userId: user.id, expiresAt: { lte: createdAt } } });
    await tx.userSession.create({ data: { id: sessionId, userId: user.id, createdAt, expiresAt } });
    const memberships = await tx.membership.findMany({ where: { userId: user.id }, orderBy: { orgId: "asc" } });
    for (const { id: memberId, orgId, role } of memberships) {
      await enterScope(tx, { orgId });
      const actor = { kind: "user", userId: user.id, memberId, name: user.name } as const;
      const ctx = { services, orgId, actor, role, address };
      await audit(tx, ctx, "people.sign-in", { subject: `user ${user.id}` });
    }
  });
  return sessionId;
}
