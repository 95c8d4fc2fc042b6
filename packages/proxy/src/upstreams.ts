import type { Organisation, PrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { mayReach } from "@tollgate/policy/host-rule";
import { Inflow } from "./inflow.ts";
import { Turns } from "./turns.ts";
import { openUpstream, type Upstream, type UpstreamOptions } from "./upstream.ts";

/** One upstream for each organisation. */
export interface Upstreams {
  for(organisation: Organisation): Upstream;
  close(): Promise<void>;
}

export interface UpstreamsOptions extends Omit<UpstreamOptions, "privateHosts"> {
  /** Private hosts, each with the organisations that may reach it. */
  privateHosts: PrivateHosts;
}

/** Maximum number of remembered origins per organisation. */
const ORIGINS_MAX = 1_000;

function remembered(ask: (origin: string) => boolean): (origin: string) => boolean {
  const answers = new Map<string, boolean>();
  return (origin) => {
    let answer = answers.get(origin);
    if (answer !== undefined) return answer;
    answer = ask(origin);
    if (answers.size >= ORIGINS_MAX) answers.clear();
    answers.set(origin, answer);
    return answer;
  };
}

/**
 * Connections to granted private hosts are in a separate pool, so an organisation without the grant never gets a
 * connection that another organisation has opened.
 */
export function openUpstreams({ privateHosts, ...options }: UpstreamsOptions): Upstreams {
  const turns = new Turns();
  const guarded = openUpstream({ ...options, privateHosts: [] }, turns);
  const granted = openUpstream({ ...options, privateHosts: [...privateHosts.keys()] }, turns);
  const known = new WeakMap<Organisation, Upstream>();
  const open = (organisation: Organisation): Upstream => {
    const isGranted = remembered((origin) => mayReach(privateHosts, organisation, origin));
    return {
      send: (request, listener) =>
        (isGranted(request.origin) ? granted : guarded).send(request, listener, organisation.id),
      inflow: (connection) => new Inflow(turns, organisation.id, connection),
    };
  };
  return {
    for(organisation) {
      let upstream = known.get(organisation);
      if (!upstream) {
        upstream = open(organisation);
        known.set(organisation, upstream);
      }
      return upstream;
    },
    close: async () => {
      await Promise.all([guarded.close(), granted.close()]);
    },
  };
}
