"use server";

import { createCredential } from "@tollgate/control/credentials/create";
import { deleteCredential } from "@tollgate/control/credentials/delete";
import { testCredential } from "@tollgate/control/credentials/test";
import { updateCredential } from "@tollgate/control/credentials/update";
import { verbAction } from "@/lib/action.ts";

export const createCredentialAction = verbAction(createCredential);
export const testCredentialAction = verbAction(testCredential);
export const updateCredentialAction = verbAction(updateCredential);
export const deleteCredentialAction = verbAction(deleteCredential);
