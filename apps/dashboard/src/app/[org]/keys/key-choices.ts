import type { SelectOption } from "@/components/ui/select.tsx";

/** The teams, members and models to choose from for a key. */
export interface KeyChoices {
  teams: readonly SelectOption<string>[];
  members: readonly SelectOption<string>[];
  /** Names of the organisation's models. */
  models: readonly string[];
  proxyUrl: string;
}
