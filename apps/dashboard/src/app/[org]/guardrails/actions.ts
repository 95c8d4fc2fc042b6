"use server";

import { createGuardrail } from "@tollgate/control/guardrails/create";
import { deleteGuardrail } from "@tollgate/control/guardrails/delete";
import { updateGuardrail } from "@tollgate/control/guardrails/update";
import { verbAction } from "@/lib/action.ts";

export const createGuardrailAction = verbAction(createGuardrail);
export const updateGuardrailAction = verbAction(updateGuardrail);
export const deleteGuardrailAction = verbAction(deleteGuardrail);
