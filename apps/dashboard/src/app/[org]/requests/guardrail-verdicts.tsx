import type { RequestDetail } from "@tollgate/control/usage/schemas";
import { Badge } from "@/components/ui/badge.tsx";

const DONE = { block: "blocked", redact: "redacted", flag: "flagged" } as const;

export function GuardrailVerdicts({ hits }: { hits: RequestDetail["guardrails"] }) {
  if (hits.length === 0) return <p className="text-faint">No rule matched.</p>;
  return (
    <ul className="grid gap-1">
      {hits.map((hit) => (
        <li key={hit.ruleId} className="flex items-center gap-2">
          <span className="font-medium">{hit.name}</span>
          <span className="text-soft">
            {hit.shadow ? "would have " : ""}
            {DONE[hit.action]} {hit.count === 1 ? "1 match" : `${hit.count} matches`}
          </span>
          {hit.shadow ? <Badge tone="accent">Shadow</Badge> : null}
        </li>
      ))}
    </ul>
  );
}
