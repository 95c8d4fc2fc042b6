import type { Organisation, PrivateHosts } from "@tollgate/contracts/settings/private-hosts";

/** The parts of a URL that name a host. An IPv6 address is in brackets; no port means the scheme's own. */
export type HostParts = Pick<URL, "hostname" | "protocol" | "port">;

/** The two forms in which a setting can name a host: alone, which means every port, and with its port. */
export const hostEntries = ({ hostname, protocol, port }: HostParts): [host: string, hostAndPort: string] => [
  hostname,
  `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`,
];

const isGranted = (granted: ReadonlySet<string> | undefined, { id, slug }: Organisation): boolean =>
  granted !== undefined && (granted.has("*") || granted.has(id) || granted.has(slug));

/** The `host` and `host:port` entries that an organisation may use. */
export const grantedHosts = (hosts: PrivateHosts, organisation: Organisation): string[] =>
  [...hosts].filter(([, granted]) => isGranted(granted, organisation)).map(([host]) => host);

/** `https://host:port` as `URL.origin` writes it: without the scheme's own port. */
const ORIGIN = /^(https?:)\/\/(.+?)(?::(\d+))?$/;

/** Whether an organisation may reach this origin as a private host: an entry names its host, or its host and port. */
export function mayReach(hosts: PrivateHosts, organisation: Organisation, origin: string): boolean {
  if (hosts.size === 0) return false;
  const [, protocol = "", hostname = "", port = ""] = ORIGIN.exec(origin) ?? [];
  return hostEntries({ hostname, protocol, port }).some((entry) => isGranted(hosts.get(entry), organisation));
}
