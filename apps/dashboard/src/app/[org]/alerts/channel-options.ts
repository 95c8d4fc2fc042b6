import type { Channel } from "@tollgate/control/channels/schemas";
import type { SelectOption } from "@/components/ui/select.tsx";

export const KINDS: readonly SelectOption<Channel["kind"]>[] = [
  { value: "email", label: "E-mail" },
  { value: "slack", label: "Slack", hint: "an incoming webhook" },
  { value: "webhook", label: "Webhook", hint: "signed JSON" },
];

export const EVENTS: readonly { value: Channel["events"][number]; label: string; hint: string }[] = [
  { value: "threshold", label: "Limits", hint: "A percentage of a limit is used." },
  { value: "anomaly", label: "Unusual spend", hint: "Far more than in the same hour of past weeks." },
  { value: "ledger", label: "Ledger", hint: "Roll-ups or counters differed from the events." },
  { value: "stale_policy", label: "Stale policy", hint: "Changes of keys, limits or models do not reach a proxy." },
  { value: "spool_lost", label: "Lost records", hint: "A proxy was lost with its usage records." },
];

export const kindLabel = (kind: Channel["kind"]): string => KINDS.find(({ value }) => value === kind)?.label ?? kind;

export const eventLabels = (events: Channel["events"]): string =>
  EVENTS.filter(({ value }) => events.includes(value))
    .map(({ label }) => label)
    .join(", ");
