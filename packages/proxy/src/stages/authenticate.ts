import type { IncomingHttpHeaders } from "node:http";
import { TollgateError } from "@tollgate/contracts/errors";
import type { Grant } from "@tollgate/contracts/grant";
import type { Soon } from "@tollgate/limits/store";
import { type ParsedKey, parseKey } from "@tollgate/vault/key-format";
import type { Authenticated, Received } from "../call.ts";
import { policyUnavailable } from "../directory/policy-unavailable.ts";
import { readLabels } from "../labels.ts";
import type { Ports } from "../ports.ts";

/**
 * Finds the key in the headers and checks it. The body of a request without a valid key is not read. An unknown key, a
 * wrong secret and an invalid text get the same error after the same amount of work. Throws 400, 401, 403, or 503 if
 * the policy cannot be read and the key may exist.
 */
export function authenticate(ports: Ports, call: Received): Soon<Authenticated> {
  const { exchange } = call;
  const presented = parseKey(presentedKey(exchange.headers));
  if (!presented || presented.kind === "adm") throw unknownKey();
  const found = ports.directory.find(presented.publicId, exchange);
  return found instanceof Promise
    ? found.then((grant) => authenticated(ports, call, presented, grant))
    : authenticated(ports, call, presented, found);
}

function authenticated(ports: Ports, call: Received, presented: ParsedKey, found: Grant | undefined): Authenticated {
  const { exchange } = call;
  const grant = checkSecret(ports, presented, found, exchange.atMs);
  if (!ports.directory.serves(grant.org.id)) throw policyUnavailable();
  call.grant = grant;
  checkStanding(grant, exchange.atMs);
  call.labels = readLabels(exchange.headers);
  return call as Authenticated;
}

const KEY_HEADERS = ["x-api-key", "x-goog-api-key", "api-key"] as const;

function presentedKey(headers: IncomingHttpHeaders): string {
  const { authorization } = headers;
  let key = authorization && (/^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "");
  for (const name of KEY_HEADERS) {
    const value = headers[name];
    if (typeof value !== "string") continue;
    const presented = value.trim();
    if (key !== undefined && key !== presented) {
      throw new TollgateError("conflicting_credentials", "Two different keys were sent; send one.");
    }
    key = presented;
  }
  if (key === undefined) throw new TollgateError("missing_api_key", "Send your key as Authorization: Bearer <key>.");
  return key;
}

const unknownKey = () => new TollgateError("invalid_api_key", "This API key is not valid.");

function checkSecret({ directory, vault }: Ports, presented: ParsedKey, grant: Grant | undefined, atMs: number): Grant {
  const live = grant?.key.secrets.filter(({ notAfterMs }) => notAfterMs === null || atMs < notAfterMs) ?? [];
  const opens = vault.verify(presented.secret, live);
  if (grant && opens && grant.key.kind === presented.kind) return grant;
  // The policy in memory is old, so the secret may be a new one.
  if (grant && !directory.fresh()) throw policyUnavailable();
  throw unknownKey();
}

function checkStanding({ org, key }: Grant, atMs: number): void {
  if (org.suspended) throw new TollgateError("tenant_suspended", "This organisation is suspended.");
  if (key.state === "revoked") throw new TollgateError("key_revoked", "This key has been revoked.");
  if (key.state === "disabled") throw new TollgateError("key_disabled", "This key is disabled.");
  if (key.expiresAtMs !== null && atMs >= key.expiresAtMs) {
    throw new TollgateError("key_expired", "This key has expired.");
  }
}
