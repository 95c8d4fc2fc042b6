import type { LimitMode, LimitScope, LimitUnit, LimitWindow } from "@tollgate/contracts/limit";
import type { SelectOption } from "@/components/ui/select.tsx";

export const SCOPES: readonly SelectOption<LimitScope>[] = [
  { value: "organisation", label: "Organisation" },
  { value: "team", label: "Team" },
  { value: "member", label: "Member" },
  { value: "key", label: "Key" },
  { value: "model", label: "Model" },
  { value: "tag", label: "Tag" },
  { value: "customer", label: "Customer" },
  { value: "run", label: "Run" },
  { value: "end_user", label: "End user" },
  { value: "cost_centre", label: "Cost centre" },
  { value: "credential", label: "Credential" },
];

export const UNITS: readonly SelectOption<LimitUnit>[] = [
  { value: "usd", label: "US dollars" },
  { value: "requests", label: "Requests" },
  { value: "tokens", label: "Tokens" },
  { value: "concurrent", label: "Calls at once" },
];

export const WINDOWS: readonly SelectOption<LimitWindow>[] = [
  { value: "minute", label: "Minute" },
  { value: "hour", label: "Hour" },
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "Month" },
  { value: "quarter", label: "Quarter" },
  { value: "total", label: "In total" },
];

export const MODES: readonly SelectOption<LimitMode>[] = [
  { value: "block", label: "Block", hint: "refuses what does not fit" },
  { value: "warn", label: "Warn", hint: "alerts, refuses nothing" },
  { value: "shadow", label: "Shadow", hint: "only counts" },
];
