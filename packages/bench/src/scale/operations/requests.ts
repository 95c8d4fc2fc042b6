import type { Context } from "@tollgate/control/context";
import { listRequests } from "@tollgate/control/reports/requests";
import { ANSWER, type Bound, type Operation, operation } from "../operation.ts";

/** A search may need several pages; each answers within this time. */
const SEARCH: Bound = { ms: 1_000 };

type Row = { keyId: string; model: string; provider: string };

/** Filters by the values of a row that exists. */
const BY_ROW: Record<string, (row: Row) => object> = {
  key: ({ keyId }) => ({ keyId }),
  model: ({ model }) => ({ model }),
  provider: ({ provider }) => ({ provider }),
};

const FILTERS: Record<string, object> = {
  "failed ones": { status: "error" },
  "status 5xx": { status: "5xx" },
  "a tag": { tag: "feature=feature-3" },
  "a tag's name": { tag: "feature" },
  "a customer": { customer: "customer-12" },
  "cost at least": { costAtLeastUsd: "0.0299" },
  "latency at least": { msAtLeast: 8_190 },
  "a text": { text: "customer-19" },
};

const NO_MATCH: Record<string, object> = {
  "a customer": { customer: "nobody" },
  "a tag": { tag: "feature=none" },
  "a model": { model: "no-such-model" },
  "a status": { status: "499" },
  "a cost": { costAtLeastUsd: "1000" },
  "a text": { text: "no such text" },
};

const list = (ctx: Context, input: object) => listRequests.call(ctx, input);

export const requestOperations: readonly Operation[] = [
  operation("Requests, first page", ANSWER, (ctx) => list(ctx, {})),
  ...Object.entries(BY_ROW).map(
    ([name, filter]): Operation => ({
      name: `Requests of a ${name}`,
      bound: ANSWER,
      async prepare(first) {
        const { items } = (await list(first, { limit: 1 })) as { items: Row[] };
        const input = filter(items[0] as Row);
        return (ctx) => list(ctx, input);
      },
    }),
  ),
  ...Object.entries(FILTERS).map(([name, input]) => operation(`Requests, ${name}`, ANSWER, (ctx) => list(ctx, input))),
  ...Object.entries(NO_MATCH).map(([name, input]) =>
    operation(`Requests, ${name} without a match`, SEARCH, (ctx) => list(ctx, input)),
  ),
];
