import type { Adjustment, RequestDetail } from "@tollgate/control/reports/schemas";
import { Detail, DetailsList } from "@/components/ui/details-list.tsx";
import { Money } from "@/components/ui/money.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatMonth } from "@/lib/format-month.ts";
import { RequestCost } from "./request-cost.tsx";

const PRICING = { priced: "Priced", unpriced: "Price unknown", free: "Not charged" } as const;

const REASON = {
  priced: "Its price became known",
  repriced: "Its price has changed",
  late: "Arrived after its month was closed",
} as const;

const Entry = ({ entry }: { entry: Adjustment }) => (
  <li className="grid gap-0.5 rounded-md border border-line px-3 py-2">
    <p className="flex items-baseline justify-between gap-4">
      <span>{REASON[entry.reason]}</span>
      {entry.reason === "late" ? null : <Money usd={entry.costUsd} className="font-medium" />}
    </p>
    <p className="text-faint text-xs">
      <Time at={entry.at} />
      {entry.askedBy ? ` by ${entry.askedBy}` : null}
      {entry.note ? `: ${entry.note}` : null}
    </p>
    {entry.closedMonth ? (
      <p className="text-faint text-xs">
        {formatMonth(entry.closedMonth)} was closed, so it counts in the month that was open then.
      </p>
    ) : null}
    {entry.priceVersion ? <p className="break-all font-mono text-faint text-xs">{entry.priceVersion}</p> : null}
  </li>
);

/** The cost of a request, and its adjustments, which are part of that cost. */
export const CostDetails = ({ story }: { story: RequestDetail }) => (
  <div className="grid gap-3">
    <DetailsList>
      <Detail name="Cost">
        <RequestCost request={story} className="font-medium" />
      </Detail>
      <Detail name="Pricing">{story.isOpen ? "Known when the batch has ended" : PRICING[story.pricing]}</Detail>
      {story.priceVersion ? (
        <Detail name="Price version">
          <span className="font-mono text-xs">{story.priceVersion}</span>
        </Detail>
      ) : null}
      {story.countedUsd !== story.costUsd && !story.isOpen ? (
        <Detail name="Counted by limits">
          <Money usd={story.countedUsd} />
        </Detail>
      ) : null}
      {story.heldUsd && !story.isOpen ? (
        <Detail name="Held in advance">
          <Money usd={story.heldUsd} />
        </Detail>
      ) : null}
    </DetailsList>
    {story.adjustments.length > 0 ? (
      <ol aria-label="Adjustments" className="grid gap-2">
        {story.adjustments.map((entry) => (
          <Entry key={entry.at} entry={entry} />
        ))}
      </ol>
    ) : null}
  </div>
);
