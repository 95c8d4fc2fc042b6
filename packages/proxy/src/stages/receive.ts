import { TollgateError } from "@tollgate/contracts/errors";
import type { Call, Received } from "../call.ts";
import { upgradeRequired } from "../client-upgrade.ts";
import { Cut } from "../cut.ts";
import type { Exchange } from "../exchange.ts";
import type { Ports } from "../ports.ts";
import { askedTimeouts, totalTimeoutMs } from "../routing/timeouts.ts";
import type { FindSurface, Surface } from "../surfaces/surface.ts";

const URL_BYTES_MAX = 8 * 1024;
const HEADERS_MAX = 100;
/** Headers that may be sent only once. If sent twice, a reverse proxy might use another value than we do. */
const ONCE = new Set(["host", "authorization", "x-api-key", "x-goog-api-key", "api-key", "content-type"]);

/** Checks URL and headers, then finds the surface, then checks the protocol. Throws 400, 404, 405, 414, 426, 431. */
export function receive(ports: Ports, call: Call, find: FindSurface): Received {
  const { exchange } = call;
  checkFraming(exchange);
  const surface = find(exchange.method, exchange.path);
  call.surface = surface;
  checkProtocol(exchange, surface);
  call.timeouts = askedTimeouts(exchange.headers);
  call.cut = new Cut(exchange, totalTimeoutMs(call.timeouts, null, ports.settings.totalTimeoutMs));
  return call as Received;
}

function countOf(headers: Exchange["headers"]): number {
  let count = 0;
  for (const _name in headers) count += 1;
  return count;
}

function checkProtocol({ wantsUpgrade, upgrade }: Exchange, { kind }: Surface): void {
  if (kind !== "session") {
    if (wantsUpgrade)
      throw wrongUpgrade("This endpoint does not accept WebSocket connections: call it without an upgrade.");
  } else if (!wantsUpgrade) throw upgradeRequired();
  else if (!upgrade)
    throw wrongUpgrade("This connection has requests without a response: use a new connection for the upgrade.");
}

const wrongUpgrade = (message: string) => new TollgateError("invalid_value", message, { param: "upgrade" });

function checkFraming({ urlBytes, path, headers, rawHeaders }: Exchange): void {
  if (urlBytes > URL_BYTES_MAX) throw new TollgateError("uri_too_long", `The URL exceeds ${URL_BYTES_MAX} bytes.`);
  if (/%00|%ff/i.test(path)) throw new TollgateError("invalid_value", "The path contains an invalid byte.");
  if (rawHeaders.length > HEADERS_MAX * 2) {
    throw new TollgateError("headers_too_large", `More than ${HEADERS_MAX} headers were sent.`);
  }
  // As many names as headers: none was sent twice.
  if (countOf(headers) * 2 === rawHeaders.length) return;
  let seen: string[] | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? "";
    if (!ONCE.has(name)) continue;
    if (seen?.includes(name)) throw new TollgateError("duplicate_header", `The header ${name} was sent twice.`);
    seen ??= [];
    seen.push(name);
  }
}
