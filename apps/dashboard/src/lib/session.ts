import { readSession } from "@tollgate/control/people/read-session";
import { cookies } from "next/headers";
import { cache } from "react";
import { services } from "@/lib/services.ts";
import { cookieName, sessionIdOf } from "@/lib/session-cookie.ts";

export const currentSessionId = cache(
  async (): Promise<string | null> => sessionIdOf((await cookies()).get(cookieName("session"))?.value),
);

/** Who is signed in and where they belong, read from the store anew for each request; null when nobody is. */
export const currentSession = cache(async () => {
  const sessionId = await currentSessionId();
  return sessionId ? readSession(services(), sessionId) : null;
});

export type Session = NonNullable<Awaited<ReturnType<typeof currentSession>>>;
