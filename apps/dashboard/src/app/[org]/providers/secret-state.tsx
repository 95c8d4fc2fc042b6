import type { Credential } from "@tollgate/control/credentials/schemas";
import { Badge } from "@/components/ui/badge.tsx";

const WHY = "It was not entered for this origin, so it is not sent anywhere. Edit the provider and enter it again.";

/** How the stored secret ends, and whether the proxy uses it. */
export const SecretState = ({ credential: { lastFour, needsSecret } }: { credential: Credential }) =>
  needsSecret ? (
    <Badge tone="danger" title={WHY}>
      Enter the secret again
    </Badge>
  ) : (
    <span className="font-mono text-xs">•••• {lastFour}</span>
  );
