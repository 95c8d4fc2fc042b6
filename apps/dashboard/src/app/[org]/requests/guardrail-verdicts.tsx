import type { RequestDetail } from "@tollgate/control/reports/schemas";
import { Badge } from "@/components/ui/badge.tsx";

const DONE = { block: "blocked", redact: "redacted", flag: "flagged" } as const;

const FAILURES = {
  time: "ran out of time",
  pattern: "has a pattern that cannot be used",
  thread: "stopped before it was done",
  busy: "found no free thread",
} as const;

const ORIGINS = {
  system: "the system prompt",
  message: "messages",
  tool_definition: "tool definitions",
  tool_input: "tool calls",
  tool_output: "tool results",
} as const;

const LIST = new Intl.ListFormat("en");

type Hit = RequestDetail["guardrails"][number];

function matched({ shadow, action, count, origins = [] }: Hit): string {
  const where = origins.length > 0 ? ` in ${LIST.format(origins.map((origin) => ORIGINS[origin]))}` : "";
  return `${shadow ? "would have " : ""}${DONE[action]} ${count === 1 ? "1 match" : `${count} matches`}${where}`;
}

/** A rule that failed may have matched before. */
const verdict = (hit: Hit): string => {
  if (!hit.failure) return matched(hit);
  const failed = `${FAILURES[hit.failure]}, so the whole request was not checked`;
  return hit.count > 0 ? `${matched(hit)}; ${failed}` : failed;
};

export function GuardrailVerdicts({ hits }: { hits: RequestDetail["guardrails"] }) {
  if (hits.length === 0) return <p className="text-faint">No rule matched.</p>;
  return (
    <ul className="grid gap-1">
      {hits.map((hit) => (
        <li key={hit.ruleId} className="flex items-center gap-2">
          <span className="font-medium">{hit.name}</span>
          <span className="text-soft">{verdict(hit)}</span>
          {hit.shadow ? <Badge tone="accent">Shadow</Badge> : null}
        </li>
      ))}
    </ul>
  );
}
