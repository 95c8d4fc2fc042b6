import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { isDevelopment, isHttps } from "@/env.ts";
import { cookieName, sessionIdOf } from "@/lib/session-cookie.ts";

const OPEN = ["/", "/sign-in", "/sign-up", "/docs/errors"];

const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

/** Redirects people without a session to sign-in and gives each page its nonce. It is no protection: the verbs do all checks. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname } = request.nextUrl;
  if (!OPEN.includes(pathname) && !(await sessionIdOf(request.cookies.get(cookieName("session"))?.value))) {
    const target = new URL("/sign-in", request.url);
    target.searchParams.set("next", pathname + request.nextUrl.search);
    return NextResponse.redirect(target);
  }
  const nonce = randomBytes(16).toString("base64");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy(nonce));
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy(nonce));
  response.headers.set("cache-control", "private, no-store");
  if (isHttps()) response.headers.set("strict-transport-security", "max-age=63072000; includeSubDomains");
  return response;
}

export const config = { matcher: ["/((?!api/|_next/|healthz$|readyz$|favicon.ico|icon.svg).*)"] };
