import type { ModelTimeouts } from "@tollgate/contracts/timeouts";
import { DbNull } from "@tollgate/db/query";

/** Null if there are none, so that the policy of most models has none. */
export const storedTimeouts = (timeouts: ModelTimeouts) => (Object.keys(timeouts).length > 0 ? timeouts : DbNull);
