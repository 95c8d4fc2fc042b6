/** Private hosts, each with the organisations that may use it. `*` is every organisation. `policy/host-rule` applies it. */
export type PrivateHosts = ReadonlyMap<string, ReadonlySet<string>>;

export interface Organisation {
  id: string;
  slug: string;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/;
const GRANTED = /^(\*|[a-z0-9-]+(\|[a-z0-9-]+)*)$/;
const EXAMPLE = "vllm.internal:8000=acme|globex, or =* for every organisation";

/**
 * Reads `vllm.internal:8000=acme|globex, 10.0.0.7=*`: a host or `host:port`, and the slugs or ids of the organisations
 * that may use it. Throws an Error that names the wrong entry. An entry without organisations is wrong.
 */
export function parsePrivateHosts(text: string): PrivateHosts {
  const hosts = new Map<string, Set<string>>();
  for (const entry of text.split(",").flatMap((part) => part.trim().toLowerCase() || [])) {
    const [host = "", granted = "", ...rest] = entry.split("=").map((part) => part.trim());
    if (!HOST.test(host) || rest.length > 0) throw new Error(`expected ${EXAMPLE}, not ${JSON.stringify(entry)}`);
    if (!GRANTED.test(granted))
      throw new Error(
        `${host} names no organisation; expected ${host}=acme|globex, or ${host}=* for every organisation`,
      );
    const organisations = hosts.get(host) ?? new Set();
    for (const organisation of granted.split("|")) organisations.add(organisation);
    hosts.set(host, organisations);
  }
  return hosts;
}
