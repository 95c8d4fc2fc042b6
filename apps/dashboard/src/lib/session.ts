import { readSession } from "@tollgate/control/people/read-session";
import { cookies } from "next/headers";
import { cache } from "react";
import { services } from "@/lib/services.ts";
import { cookieName, sessionIdOf } from "@/lib/session-cookie.ts";

export const currentSessionId = cache(
  async (): Promise<string | null> => sessionIdOf((await cookies()).get(cookieName("session"))?.value),
);

/** The signed-in person and their organisations, read from the database on each request. Null if nobody is signed in. */
export const currentSession = cache(async () => {
  const sessionId = await currentSessionId();
  return sessionId ? readSession(services(), sessionId) : null;
});

export type Session = NonNullable<Awaited<ReturnType<typeof currentSession>>>;
