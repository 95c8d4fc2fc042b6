import type { Credential } from "@tollgate/control/credentials/schemas";
import { Badge } from "@/components/ui/badge.tsx";

const WHY = "It was entered for another origin, so it is not used. Edit the provider and enter it again.";

/** The last characters of the stored secret, or a note that the proxy does not use it. */
export const SecretState = ({ credential: { lastFour, needsSecret } }: { credential: Credential }) =>
  needsSecret ? (
    <Badge tone="danger" title={WHY}>
      Enter the secret again
    </Badge>
  ) : lastFour === "" ? (
    <span className="text-faint text-xs">None</span>
  ) : (
    <span className="whitespace-nowrap font-mono text-xs">•••• {lastFour}</span>
  );
