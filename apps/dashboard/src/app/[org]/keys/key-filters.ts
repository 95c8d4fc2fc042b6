import type { ListKeys } from "@tollgate/control/keys/schemas";
import type { z } from "zod";
import type { Filter } from "@/components/data-table/filter.ts";
import type { SelectOption } from "@/components/ui/select.tsx";

const STATES: readonly SelectOption<string>[] = [
  { value: "", label: "Not revoked" },
  { value: "active", label: "Active" },
  { value: "disabled", label: "Disabled" },
  { value: "expired", label: "Expired" },
  { value: "revoked", label: "Revoked" },
  { value: "all", label: "Any state" },
];

/** The options of the ids in the URL. */
export interface ChosenOwners {
  team?: SelectOption<string> | undefined;
  member?: SelectOption<string> | undefined;
}

export const keyFilters = (chosen: ChosenOwners, maySeeMembers: boolean): readonly Filter[] => [
  { kind: "choice", param: "state", label: "State", options: STATES, width: "w-36" },
  { kind: "pick", param: "team", label: "Team", of: "team", any: "Any team", chosen: chosen.team },
  ...(maySeeMembers
    ? [
        {
          kind: "pick",
          param: "member",
          label: "Member",
          of: "member",
          any: "Any member",
          chosen: chosen.member,
        } as const,
      ]
    : []),
];

type Search = Record<string, string | string[] | undefined>;
type Filtered = Pick<z.input<typeof ListKeys>, "state" | "revoked" | "teamId" | "memberId">;

const text = (value: Search[string]): string | undefined => (typeof value === "string" && value ? value : undefined);

/** The filters in the URL as input of the verb, which checks them. */
export function keyFilter(search: Search): Filtered {
  const [state, teamId, memberId] = [text(search.state), text(search.team), text(search.member)];
  return {
    ...(state === "all" ? { revoked: true } : {}),
    ...(state && state !== "all" ? { state: state as NonNullable<Filtered["state"]> } : {}),
    ...(teamId ? { teamId } : {}),
    ...(memberId ? { memberId } : {}),
  };
}
