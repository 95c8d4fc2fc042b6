import type { AllowList } from "@tollgate/contracts/grant";
import { Badge } from "@/components/ui/badge.tsx";

/** An allow-list in a table cell. */
export function AllowListSummary({ allow, deny }: AllowList) {
  const whole = [...(allow ?? ["all"]), ...deny.map((name) => `not ${name}`)].join(", ");
  const shown = allow?.slice(0, 2) ?? [];
  const more = (allow?.length ?? 0) - shown.length;
  return (
    <span className="flex flex-wrap items-center gap-1" title={whole}>
      {allow === null ? <span className="text-soft">All</span> : null}
      {allow?.length === 0 ? <span className="text-danger">None</span> : null}
      {shown.map((name) => (
        <Badge key={name} className="font-mono">
          {name}
        </Badge>
      ))}
      {more > 0 ? <span className="text-faint text-xs">+{more}</span> : null}
      {deny.length > 0 ? <Badge tone="danger">−{deny.length}</Badge> : null}
    </span>
  );
}
