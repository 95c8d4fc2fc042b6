import type { IncomingHttpHeaders } from "node:http";
import { TollgateError } from "@tollgate/contracts/errors";
import type { RoutedModel, TargetPolicy } from "@tollgate/contracts/grant";
import { type ModelTimeouts, TIMEOUT_BOUNDS, type TimeoutName } from "@tollgate/contracts/timeouts";

/** Times for one attempt, in milliseconds. Undefined: that of the gateway's settings. */
export type AttemptTimeouts = Omit<ModelTimeouts, "totalMs">;

const NONE: AttemptTimeouts = {};

const HEADER = "x-tollgate-timeouts";
const TOTAL_HEADER = "x-tollgate-timeout-ms";
const NAMES: Readonly<Record<string, TimeoutName>> = {
  connect: "connectMs",
  "first-byte": "firstByteMs",
  "first-token": "firstTokenMs",
  idle: "idleMs",
  total: "totalMs",
};

const invalid = (header: string, why: string): TollgateError =>
  new TollgateError("invalid_value", `The header ${header} ${why}.`, { param: header });

/**
 * The times that a caller asks for: `x-tollgate-timeouts: first-token=20000, idle=10000`, and `x-tollgate-timeout-ms` for the
 * total. Times outside of the bounds become the nearest one within. Null: none. Throws 400 `invalid_value`.
 */
export function askedTimeouts(headers: IncomingHttpHeaders): ModelTimeouts | null {
  const { [HEADER]: list, [TOTAL_HEADER]: total } = headers;
  if (list === undefined && total === undefined) return null;
  const asked: ModelTimeouts = {};
  for (const entry of typeof list === "string" ? list.split(",") : []) {
    const [name = "", value = ""] = entry.split("=").map((part) => part.trim());
    const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    if (!known)
      throw invalid(
        HEADER,
        `has ${name === "" ? "an empty entry" : "an unknown name"}: use ${Object.keys(NAMES).join(", ")}`,
      );
    asked[known] = bounded(known, value, HEADER);
  }
  if (typeof total === "string") asked.totalMs = bounded("totalMs", total, TOTAL_HEADER);
  return asked;
}

function bounded(name: TimeoutName, value: string, header: string): number {
  if (!/^\d{1,15}$/.test(value) || Number(value) === 0) throw invalid(header, "needs whole milliseconds above 0");
  const [min, max] = TIMEOUT_BOUNDS[name];
  return Math.min(Math.max(Number(value), header === TOTAL_HEADER ? 1 : min), max);
}

/** Times for an attempt: those of the caller, else of the target, else of the model. */
export function attemptTimeouts(
  asked: ModelTimeouts | null,
  target: Pick<TargetPolicy, "timeouts">,
  model: Pick<RoutedModel, "timeouts">,
): AttemptTimeouts {
  if (!asked && !target.timeouts && !model.timeouts) return NONE;
  return { ...model.timeouts, ...target.timeouts, ...asked };
}

/** Time for the whole call. A caller may ask for less than the model's, or else the gateway's. */
export function totalTimeoutMs(
  asked: ModelTimeouts | null,
  model: Pick<RoutedModel, "timeouts"> | null,
  preset: number,
): number {
  const most = model?.timeouts?.totalMs ?? preset;
  return Math.min(asked?.totalMs ?? most, most);
}
