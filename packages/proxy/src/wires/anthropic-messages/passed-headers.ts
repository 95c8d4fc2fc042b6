import type { RequestTarget } from "../wire.ts";

const VERSION = "2023-06-01";
/** The client's headers that the provider gets. */
const PASSED_HEADERS = ["anthropic-version", "anthropic-beta"];
const HEADER_CHARS_MAX = 4_096;

/** The version and the betas of a request, as alternating names and values. */
export function passedHeaders({ headers }: RequestTarget, hasVersion: boolean): string[] {
  const passed: string[] = [];
  for (const name of PASSED_HEADERS) {
    if (name === "anthropic-version" && !hasVersion) continue;
    const value = headers[name] ?? (name === "anthropic-version" ? VERSION : undefined);
    if (typeof value === "string" && value.length <= HEADER_CHARS_MAX) passed.push(name, value);
  }
  return passed;
}
