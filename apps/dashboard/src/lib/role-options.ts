import type { Role } from "@tollgate/contracts/role";
import type { SelectOption } from "@/components/ui/select.tsx";

export const ROLE_OPTIONS: readonly SelectOption<Role>[] = [
  { value: "owner", label: "Owner", hint: "everything" },
  { value: "admin", label: "Admin", hint: "everything except owners" },
  { value: "developer", label: "Developer", hint: "own keys, requests and spend" },
  { value: "finance", label: "Finance", hint: "reads overview, spend and limits" },
];

/** Roles that a person with this role may grant: none above their own. */
export const rolesGrantedBy = (role: Role): readonly SelectOption<Role>[] =>
  ROLE_OPTIONS.filter(({ value }) => role === "owner" || value !== "owner");

export const roleLabel = (role: Role): string => ROLE_OPTIONS.find(({ value }) => value === role)?.label ?? role;
