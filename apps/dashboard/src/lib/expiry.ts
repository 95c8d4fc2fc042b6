const DAY_MS = 86_400_000;

export const EXPIRIES = [
  { value: "never", label: "Never" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
] as const;

export type Expiry = (typeof EXPIRIES)[number]["value"];

export const expiryInstant = (expiry: Expiry, nowMs: number): string | null =>
  expiry === "never" ? null : new Date(nowMs + Number(expiry) * DAY_MS).toISOString();
