import { type LimitMode, type LimitUnit, type LimitWindow, scopeWords } from "@tollgate/contracts/limit";
import type { Facts, FactsOf } from "./facts.ts";

export interface Words {
  /** One line. */
  title: string;
  /** One or two sentences. */
  text: string;
}

const NOUN: Record<Exclude<LimitUnit, "usd">, string> = {
  requests: "requests",
  tokens: "tokens",
  concurrent: "calls at once",
};

const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+$)/g, ",");

function usd(text: string): string {
  const [whole = "0", fraction = ""] = text.split(".");
  return `$${grouped(whole)}.${fraction.padEnd(2, "0")}`;
}

const amount = (unit: LimitUnit, text: string): string =>
  unit === "usd" ? usd(text) : `${grouped(text)} ${NOUN[unit]}`;

const per = (window: LimitWindow): string => (window === "total" ? "in total" : `per ${window}`);

/** `2026-11-22 17:00 UTC` */
const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** The consequence of a fully used limit, and when that ends. */
function consequence(mode: LimitMode, until: string | null): string {
  const refused = `Calls that do not fit are refused${until === null ? "" : ` until ${until}`}.`;
  if (mode === "block") return refused;
  const why = mode === "warn" ? "it only warns" : "it is in shadow mode";
  return `Nothing is refused: ${why}.${until === null ? "" : ` It resets at ${until}.`}`;
}

function ofThreshold({
  scope,
  subjectName,
  threshold,
  resetsAt,
  refusedAt,
  mode,
  ...limit
}: FactsOf<"threshold">): Words {
  const whom = scope === "organisation" ? "the organisation" : `${scopeWords(scope)} ${subjectName}`;
  const until = resetsAt === null ? null : instant(resetsAt);
  const used = `${amount(limit.unit, limit.spent)} of ${amount(limit.unit, limit.amount)} ${per(limit.window)}`;
  if (refusedAt !== null) {
    const end = until === null ? "" : `, until ${until}`;
    return {
      title: `The limit on ${whom} refuses calls`,
      text: `Used: ${used}. Calls that do not fit are refused since ${instant(refusedAt)}${end}.`,
    };
  }
  const reset = until === null ? "" : `It resets at ${until}.`;
  return {
    title: `${threshold} % of the limit on ${whom} is used`,
    text: `${used}. ${threshold < 100 ? reset : consequence(mode, until)}`.trimEnd(),
  };
}

/** The text of an alert. It is the same in a mail, in Slack, in a webhook and on the page. */
export function wordsOf(facts: Facts): Words {
  switch (facts.kind) {
    case "threshold":
      return ofThreshold(facts);
    case "anomaly":
      return {
        title: `Unusual spend: ${usd(facts.spentUsd)} in the hour from ${instant(facts.hour)}`,
        text: `In the same hour of the past ${facts.weeks} weeks it was ${usd(facts.usualUsd)} at most.`,
      };
    case "ledger":
      return {
        title: "Totals differed from the ledger",
        text: `${facts.rows} rows of ${facts.tables.join(", ")} were corrected.`,
      };
    case "stale_policy":
      return {
        title: "Changes do not reach a proxy",
        text: `A proxy has not read this organisation's policy since ${instant(facts.since)}. Later changes of keys, limits and models do not apply there. A revoked key may still work.`,
      };
    case "spool_lost":
      return {
        title: `A proxy was lost with its usage records: ${facts.requests} calls are charged at their estimate`,
        text: `${usd(facts.heldUsd)} was held for them since ${instant(facts.since)}. If the records come back, the difference is an adjustment.`,
      };
    case "test":
      return {
        title: `Test of the channel ${facts.channelName}`,
        text: `${facts.askedBy} has sent this test.`,
      };
  }
}
