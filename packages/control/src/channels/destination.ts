import type { Tx } from "@tollgate/db/with-tenant";
import { seal } from "@tollgate/vault/seal";
import type { Services } from "../context.ts";
import { invalid } from "../fields.ts";
import { hostsGranted } from "../private-hosts.ts";
import { checkUrl } from "./check-url.ts";
import type { ChannelKind } from "./schemas.ts";

interface Given {
  addresses?: string[] | undefined;
  url?: string | undefined;
}

/** Columns of a channel's destination. Absent ones stay unchanged. */
interface Destination {
  addresses?: string[];
  url?: string;
  sealed?: string;
}

/**
 * The destination of a channel of this kind. A Slack URL is a secret: it is sealed for the worker,
 * and only its origin stays readable. Throws `validation_failed` on `addresses` or `url`.
 */
export async function destinationOf(
  tx: Tx,
  services: Services,
  owner: { orgId: string; rowId: string },
  kind: ChannelKind,
  { addresses, url }: Given,
): Promise<Destination> {
  if (kind === "email") {
    if (url !== undefined) throw invalid({ url: "an e-mail channel has addresses" });
    if (addresses?.length === 0) throw invalid({ addresses: "at least one address" });
    return addresses ? { addresses } : {};
  }
  if (addresses !== undefined) throw invalid({ addresses: `a ${kind} channel has a URL` });
  if (url === undefined) return {};
  const checked = checkUrl(url, await hostsGranted(tx, { orgId: owner.orgId, services }));
  if (kind === "webhook") return { url: checked.href };
  return { url: checked.origin, sealed: await seal(services.channelPublicKey, owner, checked.href) };
}
