import { createKey } from "@tollgate/control/keys/create";
import { listKeys } from "@tollgate/control/keys/list";
import { updateKey } from "@tollgate/control/keys/update";
import { setLimit } from "@tollgate/control/limits/set";
import { type Operation, operation } from "../operation.ts";

const CHANGE = { ms: 1_000 };

/** The subject of a limit of each scope with a subject that has a roll-up of its own. */
const month = (scope: "tag" | "customer" | "organisation", subject: string | null) =>
  operation(`set a monthly limit of scope ${scope}`, CHANGE, (ctx) =>
    setLimit(ctx, { scope, subject, unit: "usd", window: "month", amount: "1000000" }),
  );

export const changeOperations: readonly Operation[] = [
  month("tag", "feature=feature-3"),
  month("customer", "customer-12"),
  month("organisation", null),
  operation("create a key", CHANGE, (ctx) => createKey(ctx, { name: "bench" })),
  {
    name: "change a key",
    bound: CHANGE,
    async prepare(first) {
      const { items } = await listKeys(first, { limit: 1 });
      const id = items[0]?.id ?? "";
      let times = 0;
      return (ctx) => updateKey(ctx, { id, state: times++ % 2 > 0 ? "active" : "disabled" });
    },
  },
];
