import type { SelectOption } from "@/components/ui/select.tsx";

/** What a key can be given. */
export interface KeyChoices {
  teams: readonly SelectOption<string>[];
  members: readonly SelectOption<string>[];
  /** Names of the organisation's models. */
  models: readonly string[];
  proxyUrl: string;
}
