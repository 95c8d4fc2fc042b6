import type { Batch } from "@tollgate/control/batches/schemas";
import { Badge, type Tone } from "@/components/ui/badge.tsx";

export const STATES: Record<Batch["state"], { label: string; tone: Tone; title?: string }> = {
  open: { label: "Open", tone: "accent" },
  completed: { label: "Completed", tone: "good" },
  failed: { label: "Failed", tone: "danger" },
  expired: { label: "Expired", tone: "warn" },
  cancelled: { label: "Cancelled", tone: "neutral" },
  unknown: {
    label: "Unknown",
    tone: "warn",
    title: "The provider does not say what the batch used, so its hold is charged",
  },
};

export function BatchState({ batch: { state, cancelAskedAt } }: { batch: Batch }) {
  const { label, tone, title } = STATES[state];
  const isCancelling = state === "open" && cancelAskedAt !== null;
  return (
    <Badge tone={isCancelling ? "warn" : tone} title={title}>
      {isCancelling ? "Cancelling" : label}
    </Badge>
  );
}
