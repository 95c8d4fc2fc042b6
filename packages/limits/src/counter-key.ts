import type { Uuid } from "@tollgate/contracts/ids";

/** Identity of a counter. Calls under way have no window, so `concurrent` passes null. */
export const counterKey = (limitId: Uuid, startMs: number | null, subject: string): string =>
  `${limitId}/${startMs ?? "now"}/${subject}`;

const UUID_LENGTH = 36;

/** The limit of a counter. */
export const limitIdOf = (counter: string): Uuid => counter.slice(0, UUID_LENGTH);

/** Start of the counter's window in epoch ms; null for calls under way. */
export function startOf(counter: string): number | null {
  const start = counter.slice(UUID_LENGTH + 1, counter.indexOf("/", UUID_LENGTH + 1));
  return start === "now" ? null : Number(start);
}

/** The subject, which may contain slashes. */
export const subjectOf = (counter: string): string => counter.slice(counter.indexOf("/", UUID_LENGTH + 1) + 1);
