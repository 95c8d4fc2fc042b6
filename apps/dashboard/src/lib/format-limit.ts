import { type LimitScope, type LimitUnit, scopeWords } from "@tollgate/contracts/limit";
import { parseUsd, usdString } from "@tollgate/contracts/money";
import type { Limit } from "@tollgate/control/limits/schemas";
import { formatCount } from "./format-count.ts";
import { formatUsd } from "./format-money.ts";

const NOUN: Record<LimitUnit, string> = {
  usd: "",
  requests: "requests",
  tokens: "tokens",
  concurrent: "calls at once",
};

export const SCOPE_LABEL: Record<LimitScope, string> = {
  organisation: "Organisation",
  team: "Team",
  member: "Member",
  key: "Key",
  model: "Model",
  tag: "Tag",
  customer: "Customer",
  run: "Run",
  end_user: "End user",
  cost_centre: "Cost centre",
  credential: "Credential",
};

/** `$12.50` or `1,000 requests`. */
export const limitAmount = (unit: LimitUnit, amount: string): string =>
  unit === "usd" ? formatUsd(amount) : `${formatCount(BigInt(amount))} ${NOUN[unit]}`;

/** Without the unit's noun, for use beside another amount. */
export const bareAmount = (unit: LimitUnit, amount: string): string =>
  unit === "usd" ? formatUsd(amount) : formatCount(BigInt(amount));

/** The sum of its active increases. */
export function raisedBy({ unit, amount, cap }: Pick<Limit, "unit" | "amount" | "cap">): string {
  if (unit !== "usd") return (BigInt(cap) - BigInt(amount)).toString();
  return usdString((parseUsd(cap) ?? 0n) - (parseUsd(amount) ?? 0n));
}

export const limitWindow = ({ unit, window }: Pick<Limit, "unit" | "window">): string => {
  if (unit === "concurrent") return "";
  return window === "total" ? "in total" : `per ${window}`;
};

/** Its subject: `Team Research`, `Each key`, `Organisation`. */
export function limitSubject({
  scope,
  subject,
  subjectName,
}: Pick<Limit, "scope" | "subject" | "subjectName">): string {
  if (scope === "organisation") return SCOPE_LABEL.organisation;
  if (subject === null) return `Each ${scopeWords(scope)}`;
  return `${SCOPE_LABEL[scope]} ${subjectName ?? subject}`;
}

/** The used share, 0–1 and above. For a bar, not for decisions. */
export const limitShare = ({ spent, cap }: Pick<Limit, "spent" | "cap">): number => {
  const whole = Number(cap);
  return whole === 0 ? 1 : Number(spent) / whole;
};
