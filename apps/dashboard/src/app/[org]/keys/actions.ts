"use server";

import { bulkCreateKeys } from "@tollgate/control/keys/bulk-create";
import { bulkRevokeKeys } from "@tollgate/control/keys/bulk-revoke";
import { bulkUpdateKeys } from "@tollgate/control/keys/bulk-update";
import { createKey } from "@tollgate/control/keys/create";
import { revokeKey } from "@tollgate/control/keys/revoke";
import { updateKey } from "@tollgate/control/keys/update";
import { verbAction } from "@/lib/action.ts";

export const createKeyAction = verbAction(createKey);
export const updateKeyAction = verbAction(updateKey);
export const revokeKeyAction = verbAction(revokeKey);
export const bulkCreateKeysAction = verbAction(bulkCreateKeys);
export const bulkUpdateKeysAction = verbAction(bulkUpdateKeys);
export const bulkRevokeKeysAction = verbAction(bulkRevokeKeys);
