import type { z } from "zod";

const CHARS_MAX = 80;

/** An invalid value for printing: only the length of a secret, and a URL without its credentials. */
export function shownValue(name: string, value: string, { code }: Pick<z.core.$ZodIssue, "code">): string {
  if (/KEY|SECRET|PEPPER|PASSWORD|TOKEN/.test(name)) return `not usable (${value.length} characters, not shown)`;
  const shown = JSON.stringify(name.endsWith("URL") ? withoutCredentials(value) : value.slice(0, CHARS_MAX));
  return code === "invalid_type" && Number.isNaN(Number(value)) ? `${shown}, not a number` : shown;
}

function withoutCredentials(value: string): string {
  if (!URL.canParse(value)) return value.includes("@") ? "…" : value.slice(0, CHARS_MAX);
  const { protocol, host, pathname } = new URL(value);
  return `${protocol}//${host}${pathname}`.slice(0, CHARS_MAX);
}
