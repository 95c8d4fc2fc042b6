import type { Alert } from "@tollgate/control/alerts/schemas";
import { Bell, BookOpenCheck, ChartLine, CloudOff, Gauge, type LucideIcon, Unplug } from "lucide-react";
import { Card } from "@/components/ui/card.tsx";
import { Time } from "@/components/ui/time.tsx";
import { DeliveryBadge } from "./delivery-badge.tsx";

const ICONS: Record<Alert["facts"]["kind"], LucideIcon> = {
  threshold: Gauge,
  anomaly: ChartLine,
  ledger: BookOpenCheck,
  stale_policy: CloudOff,
  spool_lost: Unplug,
  test: Bell,
};

const isShadow = ({ facts }: Alert): boolean => facts.kind === "threshold" && facts.mode === "shadow";

const unsentNote = (alert: Alert): string =>
  isShadow(alert) ? "Only recorded: the limit is in shadow mode." : "No channel takes alerts of this kind.";

function AlertRow({ alert }: { alert: Alert }) {
  const Icon = ICONS[alert.facts.kind];
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 border-line border-b px-4 py-3 last:border-0">
      <Icon className="mt-0.5 size-4 text-faint" aria-hidden />
      <div className="grid min-w-0 gap-1">
        <div className="flex items-start justify-between gap-x-4">
          <h3 className="min-w-0 break-words font-medium">{alert.title}</h3>
          <Time at={alert.raisedAt} className="shrink-0 text-faint text-xs" />
        </div>
        <p className="break-words text-soft tabular-nums">{alert.text}</p>
        <p className="flex min-w-0 flex-wrap gap-x-3 gap-y-1">
          {alert.deliveries.map((delivery) => (
            <DeliveryBadge key={delivery.id} delivery={delivery} />
          ))}
          {alert.deliveries.length === 0 ? <span className="text-faint text-xs">{unsentNote(alert)}</span> : null}
        </p>
      </div>
    </li>
  );
}

export function AlertHistory({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) {
    return (
      <p className="rounded-lg border border-line border-dashed px-4 py-6 text-center text-soft">No alerts yet.</p>
    );
  }
  return (
    <Card>
      <ul aria-label="Alerts">
        {alerts.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
    </Card>
  );
}
