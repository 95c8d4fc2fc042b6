"use server";

import { discoverModels } from "@tollgate/control/credentials/discover";
import { verbAction } from "@/lib/action.ts";

export const discoverModelsAction = verbAction(discoverModels);
