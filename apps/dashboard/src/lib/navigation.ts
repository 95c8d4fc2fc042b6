import type { Role } from "@tollgate/contracts/role";
import { type Action, reachOf } from "@tollgate/control/authorize";

export type Segment =
  | "overview"
  | "requests"
  | "runs"
  | "batches"
  | "spend"
  | "keys"
  | "models"
  | "providers"
  | "limits"
  | "alerts"
  | "guardrails"
  | "people"
  | "audit"
  | "settings";

export interface Entry {
  segment: Segment;
  label: string;
  /** The right that shows the page. */
  action: Action;
}

const GROUPS: readonly { title: string; entries: readonly Entry[] }[] = [
  {
    title: "Observe",
    entries: [
      { segment: "overview", label: "Overview", action: "usage:overview" },
      { segment: "requests", label: "Requests", action: "usage:requests" },
      { segment: "runs", label: "Runs", action: "usage:requests" },
      { segment: "batches", label: "Batches", action: "batches:list" },
      { segment: "spend", label: "Spend", action: "usage:spend" },
    ],
  },
  {
    title: "Build",
    entries: [
      { segment: "keys", label: "Keys", action: "keys:list" },
      { segment: "models", label: "Models", action: "models:list" },
      { segment: "providers", label: "Providers", action: "credentials:list" },
    ],
  },
  {
    title: "Govern",
    entries: [
      { segment: "limits", label: "Limits", action: "limits:list" },
      { segment: "alerts", label: "Alerts", action: "alerts:list" },
      { segment: "guardrails", label: "Guardrails", action: "guardrails:list" },
    ],
  },
  {
    title: "Organisation",
    entries: [
      { segment: "people", label: "People", action: "members:add" },
      { segment: "audit", label: "Audit", action: "audit:read" },
      { segment: "settings", label: "Settings", action: "organisation:update" },
    ],
  },
];

/** The sidebar of a role: only the pages that it may use. */
export const navigationFor = (role: Role) =>
  GROUPS.map(({ title, entries }) => ({
    title,
    entries: entries.filter(({ action }) => reachOf(role, action)),
  })).filter(({ entries }) => entries.length > 0);

/** The start page of a role. */
export const homeOf = (role: Role): Segment => navigationFor(role)[0]?.entries[0]?.segment ?? "overview";
