import { withScope } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";

/** Whether nobody has signed up yet. Then the start page leads to sign-up. */
export const installationIsEmpty = (services: Services): Promise<boolean> =>
  withScope(services.db, {}, async (tx) => {
    const rows = await tx.$queryRaw<{ has_organisation: boolean }[]>`select has_organisation from installation`;
    return rows[0]?.has_organisation === false;
  });
