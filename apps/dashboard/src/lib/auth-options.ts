import { TollgateError } from "@tollgate/contracts/errors";
import { SESSION_SECONDS } from "@tollgate/control/people/session-lifetime";
import { signIn } from "@tollgate/control/people/sign-in";
import { signOut } from "@tollgate/control/people/sign-out";
import type { CookieOption, NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { env, isHttps } from "@/env.ts";
import { CLIENT_ADDRESS, clientAddress, readClientAddress } from "@/lib/client-address.ts";
import { services } from "@/lib/services.ts";
import { cookieName } from "@/lib/session-cookie.ts";

const cookie = (purpose: "session" | "csrf" | "return"): CookieOption => ({
  name: cookieName(purpose),
  options: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps() },
});

const password = () =>
  Credentials({
    id: "password",
    name: "password",
    credentials: { email: {}, password: {} },
    authorize: async (credentials, request) => {
      const input = { email: credentials?.email ?? "", password: credentials?.password ?? "" };
      try {
        const session = await signIn(services(), input, readClientAddress(request.headers?.[CLIENT_ADDRESS]));
        return { id: session.sessionId };
      } catch (error) {
        throw error instanceof TollgateError ? new Error(error.message) : new Error("An internal error occurred.");
      }
    },
  });

/** The cookie contains only the id of a session row. Each request reads that row. */
export const authOptions = (): NextAuthOptions => ({
  secret: env().NEXTAUTH_SECRET,
  session: { strategy: "jwt", maxAge: SESSION_SECONDS },
  pages: { signIn: "/sign-in", error: "/sign-in" },
  cookies: { sessionToken: cookie("session"), csrfToken: cookie("csrf"), callbackUrl: cookie("return") },
  providers: [password()],
  callbacks: {
    jwt: ({ token, user }) => ({ sid: user ? user.id : token.sid }),
    session: ({ session }) => ({ expires: session.expires }),
  },
  events: {
    signOut: async ({ token }) => {
      if (typeof token?.sid === "string") await signOut(services(), token.sid, await clientAddress());
    },
  },
});
