import { createHash } from "node:crypto";
import type { TaskWork } from "./task.ts";

/** Seals a box from before boxes named their origin again, with the origin it had at the upgrade. */
export const resealCredential: TaskWork<"credential.reseal"> = async ({ organisation, credential }, { vault }) => {
  const { legacyOrigin } = credential;
  if (legacyOrigin === undefined) throw new Error("its box names an origin already");
  return {
    oldBoxHash: createHash("sha256").update(credential.sealed).digest("hex"),
    box: await vault.reseal(organisation.id, { ...credential, legacyOrigin }),
  };
};
