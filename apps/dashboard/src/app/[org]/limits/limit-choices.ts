import type { LimitScope } from "@tollgate/contracts/limit";
import type { SelectOption } from "@/components/ui/select.tsx";

/** Whom a limit can bind, by scope. Tags and customers are the caller's own words and are typed. */
export type LimitChoices = Record<
  Extract<LimitScope, "team" | "member" | "key" | "model">,
  readonly SelectOption<string>[]
>;
