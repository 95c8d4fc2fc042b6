import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../tools.ts";

export const credentialResealed =
  ({ resealing, log }: Tools) =>
  async (resealed: JobPayload<"credential.resealed">): Promise<void> => {
    const { orgId, credentialId } = resealed;
    if (await resealing.apply(resealed)) log.info({ orgId, credentialId }, "credential bound to its origin");
  };
