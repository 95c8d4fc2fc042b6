import { decode } from "next-auth/jwt";
import { env, isHttps } from "@/env.ts";

/** `__Host-` binds a cookie to this host, but browsers accept it only on https. */
export const cookieName = (purpose: "session" | "csrf" | "return"): string =>
  `${isHttps() ? "__Host-" : ""}tollgate.${purpose}`;

/** Opens the session cookie; null if it is missing, forged or expired. It only proves that the client has the id of the row. */
export async function sessionIdOf(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  const token = await decode({ token: cookie, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  return typeof token?.sid === "string" ? token.sid : null;
}
