import type { CredentialProbe } from "@tollgate/catalog/providers";
import type { CredentialTestOutcome } from "@tollgate/contracts/tasks";
import type { GetAnswer } from "../guarded-get.ts";

/** Usual meanings of a status. */
const BY_STATUS: Record<number, CredentialTestOutcome> = {
  401: "wrong_secret",
  403: "forbidden",
  404: "wrong_endpoint",
  405: "wrong_endpoint",
  410: "wrong_endpoint",
  429: "rate_limited",
};

const isJson = (beginning: string): boolean => beginning.startsWith("{") || beginning.startsWith("[");

/** The outcome of a credential test, from the provider's response to its cheapest request. */
export function outcomeOfAnswer({ status, beginning }: GetAnswer, probe: CredentialProbe): CredentialTestOutcome {
  if (status < 300) return isJson(beginning) ? "works" : "not_an_api";
  if (status < 400) return "redirected";
  if (status >= 500) return "server_error";
  const meaning = probe.meanings?.find(([text]) => beginning.includes(text));
  if (meaning) return meaning[1];
  if (probe.wrongRegion?.some((text) => beginning.includes(text))) return "wrong_region";
  if (status === 400 && probe.wrongSecret && beginning.includes(probe.wrongSecret)) return "wrong_secret";
  return BY_STATUS[status] ?? "rejected";
}
