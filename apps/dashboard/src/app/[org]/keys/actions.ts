"use server";

import { createKey } from "@tollgate/control/keys/create";
import { revokeKey } from "@tollgate/control/keys/revoke";
import { updateKey } from "@tollgate/control/keys/update";
import { verbAction } from "@/lib/action.ts";

export const createKeyAction = verbAction(createKey);
export const updateKeyAction = verbAction(updateKey);
export const revokeKeyAction = verbAction(revokeKey);
