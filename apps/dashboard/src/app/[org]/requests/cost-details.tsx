import type { RequestDetail } from "@tollgate/control/usage/schemas";
import { Detail, DetailsList } from "@/components/ui/details-list.tsx";
import { Money } from "@/components/ui/money.tsx";

const PRICING = { priced: "Priced", unpriced: "Price unknown", free: "Free" } as const;

export const CostDetails = ({ story }: { story: RequestDetail }) => (
  <DetailsList>
    <Detail name="Cost">
      <Money usd={story.costUsd} className="font-medium" />
    </Detail>
    <Detail name="Pricing">{PRICING[story.pricing]}</Detail>
    {story.priceVersion ? (
      <Detail name="Price version">
        <span className="font-mono text-xs">{story.priceVersion}</span>
      </Detail>
    ) : null}
    {story.heldUsd ? (
      <Detail name="Held before">
        <Money usd={story.heldUsd} />
      </Detail>
    ) : null}
  </DetailsList>
);
