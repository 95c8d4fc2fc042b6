import type { ListLimits } from "@tollgate/control/limits/schemas";
import type { z } from "zod";
import type { Filter } from "@/components/data-table/filter.ts";
import { MODES, SCOPES, UNITS } from "./limit-options.ts";

type Search = Record<string, string | string[] | undefined>;
type Filtered = Pick<z.input<typeof ListLimits>, "scope" | "unit" | "mode">;

export const LIMIT_FILTERS: readonly Filter[] = [
  { kind: "choice", param: "scope", label: "Scope", options: [{ value: "", label: "Any scope" }, ...SCOPES] },
  {
    kind: "choice",
    param: "unit",
    label: "Unit",
    options: [{ value: "", label: "Any unit" }, ...UNITS],
    width: "w-36",
  },
  { kind: "choice", param: "mode", label: "Mode", options: [{ value: "", label: "Any mode" }, ...MODES] },
];

/** The filters in the URL as input of the verb, which checks them. */
export const limitFilter = (search: Search): Filtered =>
  Object.fromEntries(LIMIT_FILTERS.flatMap(({ param }) => (search[param] ? [[param, search[param]]] : [])));
