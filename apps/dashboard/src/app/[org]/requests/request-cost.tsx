import type { RequestRow } from "@tollgate/control/reports/schemas";
import { Money } from "@/components/ui/money.tsx";

interface Props {
  request: Pick<RequestRow, "costUsd" | "isOpen" | "heldUsd">;
  short?: boolean;
  className?: string;
}

/** What a request cost. An open batch has no cost yet, only a hold. */
export const RequestCost = ({ request: { costUsd, isOpen, heldUsd }, short, className }: Props) =>
  isOpen ? (
    <span className={className} title="The batch has not ended. Limits count the held amount until then.">
      <span className="text-faint">open{heldUsd === null ? null : ", held "}</span>
      {heldUsd === null ? null : <Money usd={heldUsd} short={short} />}
    </span>
  ) : (
    <Money usd={costUsd} short={short} className={className} />
  );
