"use server";

import { updateOrganisation } from "@tollgate/control/organisation/update";
import { updateRetention } from "@tollgate/control/retention/update";
import { createToken } from "@tollgate/control/tokens/create";
import { revokeToken } from "@tollgate/control/tokens/revoke";
import { verbAction } from "@/lib/action.ts";

export const updateOrganisationAction = verbAction(updateOrganisation);
export const updateRetentionAction = verbAction(updateRetention);
export const createTokenAction = verbAction(createToken);
export const revokeTokenAction = verbAction(revokeToken);
