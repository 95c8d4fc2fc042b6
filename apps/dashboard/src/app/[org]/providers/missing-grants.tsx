import type { Credential } from "@tollgate/control/credentials/schemas";
import { CircleAlert } from "lucide-react";

/** The entry of TOLLGATE_PRIVATE_HOSTS that a credential needs. It has the port, because URLs omit the default port. */
function entryFor({ baseUrl }: Credential, slug: string): string {
  const { hostname, port, protocol } = new URL(baseUrl);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}=${slug}`;
}

/** The credentials that fail without a grant, and the setting for the operator. Renders nothing if none fails. */
export function MissingGrants({ credentials, slug }: { credentials: readonly Credential[]; slug: string }) {
  const refused = credentials.filter(({ needsGrant }) => needsGrant);
  if (refused.length === 0) return null;
  return (
    <div className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <p className="min-w-0">
        Calls through {refused.map(({ name }) => `“${name}”`).join(", ")} fail: the host is private or not https, and
        the operator has not granted it to this organisation. For every proxy and dashboard, the operator adds this to
        the setting TOLLGATE_PRIVATE_HOSTS:{" "}
        <code className="break-all font-mono text-xs">
          {[...new Set(refused.map((credential) => entryFor(credential, slug)))].join(",")}
        </code>
      </p>
    </div>
  );
}
