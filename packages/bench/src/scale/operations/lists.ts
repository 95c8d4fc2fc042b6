import { listAlerts } from "@tollgate/control/alerts/list";
import { listAudit } from "@tollgate/control/audit/list";
import type { Context } from "@tollgate/control/context";
import { listCredentials } from "@tollgate/control/credentials/list";
import { listKeys } from "@tollgate/control/keys/list";
import { listLimits } from "@tollgate/control/limits/list";
import { listModels } from "@tollgate/control/models/list";
import { listMembers } from "@tollgate/control/people/list-members";
import type { AnyVerb } from "@tollgate/control/verb";
import { type Operation, operation, PAGE } from "../operation.ts";

/** Each list, a text that some rows contain, and another one that none does. */
const LISTS: [name: string, verb: AnyVerb, search: string][] = [
  ["Keys", listKeys, "key-777"],
  ["Limits", listLimits, "customer-7"],
  ["People", listMembers, "person-77"],
  ["Audit", listAudit, "keys.create"],
  ["Models", listModels, "model-17"],
  ["Alerts", listAlerts, "slack"],
  ["Credentials", listCredentials, "Credential 7"],
];

/** Rows before the deep page. */
const DEEP_ROWS = 10_000;
const STEP = 500;

type Page = { nextCursor: string | null };

/** The cursor of a page far from the start, or of the last one. */
async function deepCursor(ctx: Context, verb: AnyVerb): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let rows = 0; rows < DEEP_ROWS; rows += STEP) {
    const { nextCursor } = (await verb.call(ctx, { limit: STEP, cursor })) as Page;
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return cursor;
}

const ofList = ([name, verb, search]: (typeof LISTS)[number]): Operation[] => [
  operation(`${name}, first page`, PAGE, (ctx) => verb.call(ctx, {})),
  {
    name: `${name}, deep page`,
    bound: PAGE,
    async prepare(first) {
      const cursor = await deepCursor(first, verb);
      return (ctx) => verb.call(ctx, { cursor });
    },
  },
  operation(`${name}, search`, PAGE, (ctx) => verb.call(ctx, { search })),
  operation(`${name}, search without a match`, PAGE, (ctx) => verb.call(ctx, { search: "no such row" })),
];

export const listOperations: readonly Operation[] = LISTS.flatMap(ofList);
