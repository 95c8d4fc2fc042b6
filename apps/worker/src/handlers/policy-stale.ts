import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../tools.ts";

export const policyStale =
  ({ alerts, log }: Tools) =>
  async ({ stale }: JobPayload<"policy.stale">): Promise<void> => {
    const raised = await alerts.stalePolicy(stale);
    if (raised > 0) log.error({ raised }, "a proxy cannot read policy");
  };
