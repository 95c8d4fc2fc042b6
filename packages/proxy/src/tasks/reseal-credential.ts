import { createHash } from "node:crypto";
import type { TaskWork } from "./task.ts";

/**
 * Seals a credential again whose sealed box, from an older version, names no origin. The origin is the one at the
 * upgrade.
 */
export const resealCredential: TaskWork<"credential.reseal"> = async ({ organisation, credential }, { vault }) => {
  const { legacyOrigin } = credential;
  if (legacyOrigin === undefined) throw new Error("the sealed box already names an origin");
  return {
    oldBoxHash: createHash("sha256").update(credential.sealed).digest("hex"),
    box: await vault.reseal(organisation.id, { ...credential, legacyOrigin }),
  };
};
