import { type AuthScheme, type Provider, schemeOf } from "@tollgate/catalog/providers";
import type { Opened } from "@tollgate/vault/opened";
import { assumeRole } from "./assume-role.ts";
import type { Auth } from "./auth.ts";
import { bearer } from "./bearer.ts";
import { entra } from "./entra.ts";
import { googleOauth } from "./google-oauth.ts";
import { header } from "./header.ts";
import { sigv4 } from "./sigv4.ts";
import { token } from "./token.ts";

/** One line for each auth scheme. */
const AUTHS: Readonly<Partial<Record<AuthScheme, Auth>>> = {
  bearer: { sign: bearer },
  "x-api-key": { sign: header("x-api-key") },
  "x-goog-api-key": { sign: header("x-goog-api-key") },
  "api-key": { sign: header("api-key") },
  "xi-api-key": { sign: header("xi-api-key") },
  token: { sign: token },
  entra: { sign: bearer, exchange: entra },
  "google-oauth": { sign: bearer, exchange: googleOauth },
  // The access key itself is not sent.
  sigv4: { sign: sigv4, exchange: assumeRole, sent: ({ sessionToken = "" }) => sessionToken },
};

/** How requests with this credential are authenticated. Undefined: this version does not know its scheme. */
export function authOf(provider: Provider, { scheme }: Opened): Auth | undefined {
  const known = schemeOf(provider, scheme);
  return known && AUTHS[known.auth];
}
