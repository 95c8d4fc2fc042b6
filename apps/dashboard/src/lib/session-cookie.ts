import { decode } from "next-auth/jwt";
import { env, isHttps } from "@/env.ts";

/** `__Host-` binds a cookie to this very host, but browsers take it on https only. */
export const cookieName = (purpose: "session" | "csrf" | "return"): string =>
  `${isHttps() ? "__Host-" : ""}tollgate.${purpose}`;

/** Opens the sealed session cookie; null when it is missing, forged or over. It proves nothing but who holds the row's id. */
export async function sessionIdOf(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  const token = await decode({ token: cookie, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  return typeof token?.sid === "string" ? token.sid : null;
}
