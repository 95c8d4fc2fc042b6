import { isIPv6 } from "node:net";
import { buildConnector } from "undici";
import { blocked } from "./blocked.ts";
import { guardedLookup } from "./guarded-lookup.ts";
import { isPrivateLiteral } from "./public-address.ts";

export interface GuardedConnectorOptions {
  connectTimeoutMs: number;
  /** `host` or `host:port` that are meant although private or plain http, lower case. */
  privateHosts: readonly string[];
}

/**
 * Private hosts that are meant are dialled plainly; every other name is resolved and checked on its bytes. What may not
 * be reached fails with code EBLOCKED.
 */
export function guardedConnector({
  connectTimeoutMs,
  privateHosts,
}: GuardedConnectorOptions): buildConnector.connector {
  const common = { timeout: connectTimeoutMs, allowH2: false };
  const plain = buildConnector(common);
  const guarded = buildConnector({ ...common, lookup: guardedLookup } as buildConnector.BuildOptions);
  const meant = new Set(privateHosts);
  return (options, callback) => {
    const { port, protocol } = options;
    // As URLs and settings write it: an IPv6 address comes here without its brackets.
    const hostname = isIPv6(options.hostname) ? `[${options.hostname}]` : options.hostname;
    if (meant.has(hostname) || meant.has(`${hostname}:${port || (protocol === "https:" ? 443 : 80)}`)) {
      plain(options, callback);
    } else if (protocol !== "https:" || isPrivateLiteral(hostname)) {
      callback(blocked(hostname), null);
    } else {
      guarded(options, callback);
    }
  };
}
