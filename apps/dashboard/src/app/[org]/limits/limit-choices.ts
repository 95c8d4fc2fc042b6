import type { LimitScope } from "@tollgate/contracts/limit";
import type { SelectOption } from "@/components/ui/select.tsx";

/** What a limit can apply to, by scope. Tags and customers are typed: callers choose them. */
export type LimitChoices = Record<
  Extract<LimitScope, "team" | "member" | "key" | "model">,
  readonly SelectOption<string>[]
>;
