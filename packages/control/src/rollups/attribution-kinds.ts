/** What usage is attributed to beside keys, teams, members, models and providers. Callers choose the values, so there can be any number. */
export const ATTRIBUTION_KINDS = ["tag", "customer", "session", "end_user", "cost_centre"] as const;
export type AttributionKind = (typeof ATTRIBUTION_KINDS)[number];

/** All events that have a value of the kind, each once. */
export const ANY = "*any";
/** Events whose value is not registered (`usage_value`). */
export const UNREGISTERED = "*unregistered";

/** In reports: events without a value. */
export const NONE = "*none";

/** Ids of sums in reports and roll-ups, which are never registered: a value with such a name counts as not registered. */
const RESERVED: readonly string[] = [ANY, UNREGISTERED, NONE, "*other"];
export const isReserved = (value: string): boolean => RESERVED.includes(value);

/** How many values of a kind a month registers, as a multiple of the installation's setting: calls have many sessions and end users. */
const TIMES: Record<AttributionKind, number> = { tag: 1, customer: 1, session: 10, end_user: 10, cost_centre: 1 };

/** The setting by default. */
export const VALUES_MAX = 1_000;

export const valuesMax = (kind: AttributionKind, setting: number): number => TIMES[kind] * setting;
