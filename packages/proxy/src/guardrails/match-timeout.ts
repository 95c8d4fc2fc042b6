/** A rule used up its time. */
export class MatchTimeout extends Error {
  override readonly name = "MatchTimeout";
}

export function checkDeadline(deadlineMs: number): void {
  if (performance.now() > deadlineMs) throw new MatchTimeout("guardrail ran out of time");
}
