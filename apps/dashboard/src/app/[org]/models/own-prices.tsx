"use client";

import type { OwnPrice } from "@tollgate/control/prices/schemas";
import { X } from "lucide-react";
import { useParams } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { useJson } from "@/lib/use-json.ts";
import { deletePriceAction } from "./actions.ts";
import { PriceText } from "./price-text.tsx";

interface Props {
  provider: string;
  upstreamModel: string;
}

/** The own prices of an upstream model, latest first. Each can be deleted. */
export function OwnPrices({ provider, upstreamModel }: Props) {
  const { org } = useParams<{ org: string }>();
  const [turn, setTurn] = useState(0);
  const { run, pending, message } = useOrgAction(deletePriceAction, () => setTurn(turn + 1));
  const query = new URLSearchParams({ provider, upstreamModel });
  const { data, problem } = useJson<{ items: OwnPrice[] }>(`/${org}/models/prices?${query}`, turn);
  if (problem) return <p className="text-danger text-xs">The prices set so far could not be loaded.</p>;
  const prices = data?.items ?? [];
  if (prices.length === 0) return null;
  return (
    <div className="grid gap-1.5">
      <h3 className="font-medium text-ink text-sm">Prices set so far</h3>
      <ul className="grid gap-1">
        {prices.map((price) => (
          <li key={price.id} className="flex items-center gap-3 text-sm">
            <Time at={price.from} className="min-w-28 text-soft" />
            <PriceText price={price} />
            <Button
              look="ghost"
              size="icon"
              type="button"
              disabled={pending}
              aria-label={`Delete the price from ${price.from}`}
              onClick={() => run({ id: price.id })}
              className="ml-auto"
            >
              <X aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      {message ? <p className="text-danger text-xs">{message}</p> : null}
    </div>
  );
}
