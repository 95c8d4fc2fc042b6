import type { Delivery } from "@tollgate/control/alerts/schemas";
import { Badge, type Tone } from "@/components/ui/badge.tsx";

const TONES: Record<Delivery["state"], Tone> = { waiting: "neutral", sent: "good", failed: "danger" };

function stateOf({ state, attempts }: Delivery): string {
  if (state !== "waiting") return state;
  return attempts === 0 ? "waiting" : `retrying, ${attempts} attempts so far`;
}

/** Whether an alert reached a channel, and why not. */
export const DeliveryBadge = ({ delivery }: { delivery: Delivery }) => (
  <span className="inline-flex min-w-0 flex-wrap items-center gap-x-1.5 gap-y-0.5">
    <Badge tone={TONES[delivery.state]}>
      {delivery.channelName} {stateOf(delivery)}
    </Badge>
    {delivery.error ? (
      <span className={delivery.state === "failed" ? "text-danger text-xs" : "text-soft text-xs"}>
        {delivery.error}
      </span>
    ) : null}
  </span>
);
