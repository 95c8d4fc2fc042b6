import { TollgateError } from "@tollgate/contracts/errors";
import type { ListRequests } from "@tollgate/control/reports/schemas";
import { createLoader, type inferParserType, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { z } from "zod";

export const RANGES = ["15m", "1h", "24h", "7d", "30d"] as const;
export const STATUSES = ["2xx", "error", "4xx", "5xx", "499"] as const;
export const CACHES = ["hit", "miss", "bypass", "off"] as const;

const RANGE_MS: Record<(typeof RANGES)[number], number> = {
  "15m": 900_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 604_800_000,
  "30d": 2_592_000_000,
};

/** Filters that are used less often. */
export const moreParams = {
  tag: parseAsString.withDefault(""),
  customer: parseAsString.withDefault(""),
  session: parseAsString.withDefault(""),
  endUser: parseAsString.withDefault(""),
  costCentre: parseAsString.withDefault(""),
  cache: parseAsStringLiteral(CACHES),
  cost: parseAsString.withDefault(""),
  ms: parseAsInteger,
};

/** The URL of the page contains the filter, so a link shows the same rows. */
export const filterParams = {
  range: parseAsStringLiteral(RANGES).withDefault("24h"),
  key: parseAsString.withDefault(""),
  model: parseAsString.withDefault(""),
  provider: parseAsString.withDefault(""),
  status: parseAsStringLiteral(STATUSES),
  text: parseAsString.withDefault(""),
  ...moreParams,
};

export const readFilter = createLoader(filterParams);
export type Filter = inferParserType<typeof filterParams>;
export type MoreFilter = inferParserType<typeof moreParams>;

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** The input of the verb. An empty value does not filter. A search for a request id ignores the time range. */
export function requestsInput(filter: Filter, nowMs: number, cursor?: string): z.input<typeof ListRequests> {
  const { range, key, model, provider, status, text, tag, customer, session, endUser, costCentre, cache, cost, ms } =
    filter;
  return {
    ...(isUuid(text) ? {} : { from: new Date(nowMs - RANGE_MS[range]).toISOString() }),
    ...(key ? { keyId: key } : {}),
    ...(model ? { model } : {}),
    ...(provider ? { provider } : {}),
    ...(status ? { status } : {}),
    ...(text ? { text } : {}),
    ...(tag ? { tag } : {}),
    ...(customer ? { customer } : {}),
    ...(session ? { session } : {}),
    ...(endUser ? { endUser } : {}),
    ...(costCentre ? { costCentre } : {}),
    ...(cache ? { cache } : {}),
    ...(cost ? { costAtLeastUsd: cost } : {}),
    ...(ms === null ? {} : { msAtLeast: ms }),
    ...(cursor ? { cursor } : {}),
  };
}

const LABELS: Partial<Record<string, string>> = {
  keyId: "Key",
  costAtLeastUsd: "Cost at least",
  msAtLeast: "Took at least",
  text: "Search",
  cursor: "Page",
};

const labelOf = (field: string): string => LABELS[field] ?? field.charAt(0).toUpperCase() + field.slice(1);

/** Which filters cannot be used, and why; throws any other error again. */
export function filterProblem(error: unknown): string {
  if (!(error instanceof TollgateError) || error.code !== "validation_failed") throw error;
  const problems = Object.entries(error.detail.fields ?? {}).map(([field, problem]) => `${labelOf(field)}: ${problem}`);
  return `Some filters cannot be used. ${problems.join("; ")}.`;
}

/** How far back the table looks for new rows. A call that took longer appears when the page is loaded again. */
const LIVE_MS = 600_000;

/** The input for new rows only: a search for old ones each second would be expensive. */
export function liveInput(filter: Filter, nowMs: number): z.input<typeof ListRequests> {
  const input = requestsInput(filter, nowMs);
  const sinceMs = nowMs - LIVE_MS;
  return input.from && Date.parse(input.from) < sinceMs ? { ...input, from: new Date(sinceMs).toISOString() } : input;
}
