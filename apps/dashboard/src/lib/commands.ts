import type { Role } from "@tollgate/contracts/role";
import { type Action, reachOf } from "@tollgate/control/authorize";
import type { Segment } from "./navigation.ts";

interface Command {
  segment: Segment;
  label: string;
  action: Action;
  /** Opens the page's dialog. */
  query: string;
}

const COMMANDS: readonly Command[] = [
  { segment: "keys", label: "Create key", action: "keys:create", query: "new=true" },
  { segment: "models", label: "Add model", action: "models:create", query: "new=true" },
  { segment: "providers", label: "Add provider", action: "credentials:create", query: "new=true" },
  { segment: "limits", label: "Set limit", action: "limits:set", query: "new=true" },
  { segment: "alerts", label: "Add alert channel", action: "channels:create", query: "new=true" },
  { segment: "guardrails", label: "Add guardrail", action: "guardrails:create", query: "new=true" },
];

export const commandsFor = (role: Role) => COMMANDS.filter(({ action }) => reachOf(role, action));
