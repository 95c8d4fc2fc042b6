import { randomUUID } from "node:crypto";
import { type ErrorCode, TollgateError } from "@tollgate/contracts/errors";
import { enterPassword, passwordSalt } from "@tollgate/db/proofs";
import { withScope } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";
import { parse } from "../parse.ts";
import { auditEverywhere } from "./audit-everywhere.ts";
import { noteFailedSignIn } from "./failed-sign-ins.ts";
import { hashWithSalt } from "./password.ts";
import { SignIn } from "./schemas.ts";
import { SESSION_SECONDS } from "./session-lifetime.ts";
import { signInSucceeded, throttleSignIn } from "./throttle.ts";

interface SignedIn {
  /** A random id. Its bearer is signed in until the row is deleted. */
  sessionId: string;
  userId: string;
  name: string;
  email: string;
}

/** Reasons for refusals, as shown in an organisation's audit log. */
const FAILURES: Partial<Record<ErrorCode, "wrong_password" | "too_many_tries">> = {
  invalid_value: "wrong_password",
  rate_limit_exceeded: "too_many_tries",
};

/**
 * A wrong password and an unknown address give the same error, `invalid_value`, after the same time. Throws `rate_limit_exceeded`
 * after too many attempts, even if the last one is correct.
 */
export async function signIn(services: Services, input: SignIn, address: string | null): Promise<SignedIn> {
  const given = parse(SignIn, input);
  try {
    return await tryPassword(services, given, address);
  } catch (error) {
    const reason = error instanceof TollgateError ? FAILURES[error.code] : undefined;
    if (reason) await noteFailedSignIn(services, { email: given.email, address, reason });
    throw error;
  }
}

async function tryPassword(services: Services, { email, password }: SignIn, address: string | null): Promise<SignedIn> {
  await throttleSignIn(services, email, address);
  const salt = await withScope(services.db, {}, (tx) => passwordSalt(tx, email));
  const hash = await hashWithSalt(password, salt);
  const session = await openSession(services, { email, hash }, address);
  if (!session) throw new TollgateError("invalid_value", "The e-mail address or the password is wrong.");
  await signInSucceeded(services, email, address);
  return { ...session, email };
}

type Session = Omit<SignedIn, "email">;

/** Null if the password is wrong. The database decides. */
function openSession(
  services: Services,
  { email, hash }: { email: string; hash: string },
  address: string | null,
): Promise<Session | null> {
  const [sessionId, createdAt] = [randomUUID(), new Date(services.now())];
  const expiresAt = new Date(services.now() + SESSION_SECONDS * 1000);
  return withScope(services.db, {}, async (tx) => {
    const user = await enterPassword(tx, email, hash);
    if (!user) return null;
    await tx.userSession.deleteMany({ where: { userId: user.id, expiresAt: { lte: createdAt } } });
    await tx.userSession.create({ data: { id: sessionId, userId: user.id, createdAt, expiresAt } });
    await auditEverywhere(tx, services, { user, sessionId, address, action: "people.sign-in" });
    return { sessionId, userId: user.id, name: user.name };
  });
}
