import type { Model } from "@tollgate/control/models/schemas";
import { Time } from "@/components/ui/time.tsx";

type Difference = Model["targets"][number]["differences"][number];

const WHY = "The provider refused these fields for this model. Calls are sent without them, or with the other name.";

const textOf = ({ field, sentAs }: Difference): string =>
  sentAs === null ? `without ${field}` : `${field} as ${sentAs}`;

/** The fields that the provider of a target was found to refuse, and when. Renders nothing if there are none. */
export function TargetDifferences({ differences }: { differences: readonly Difference[] }) {
  const last = differences
    .map(({ learntAt }) => learntAt)
    .sort()
    .at(-1);
  if (last === undefined) return null;
  return (
    <span className="text-soft text-xs" title={WHY}>
      Sent {differences.map(textOf).join(", ")}; learnt <Time at={last} />
    </span>
  );
}
