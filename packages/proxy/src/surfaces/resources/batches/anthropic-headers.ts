import type { Exchange } from "../../../exchange.ts";

const VERSION = "2023-06-01";
const BETA = /^[\w.,-]{1,1024}$/;

/** The version and the betas that Anthropic gets with a request, as alternating names and values. */
export function anthropicHeaders({ headers }: Pick<Exchange, "headers">): string[] {
  const { "anthropic-version": version, "anthropic-beta": beta } = headers;
  const isVersion = typeof version === "string" && /^\d{4}-\d\d-\d\d$/.test(version);
  const betas = typeof beta === "string" ? beta.replaceAll(" ", "") : "";
  const passed = ["anthropic-version", isVersion ? version : VERSION];
  return BETA.test(betas) ? [...passed, "anthropic-beta", betas] : passed;
}
