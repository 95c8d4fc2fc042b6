"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { bareAmount, raisedBy } from "@/lib/format-limit.ts";
import { formatUntil } from "@/lib/zoned-day.ts";

interface Props {
  limit: Limit;
  onOpen: () => void;
}

/** `+ $25.00 until 30 Nov`, or the sum and the number of several. Opens the list of increases. */
export function ActiveIncreases({ limit, onOpen }: Props) {
  const { timeZone } = useOrganisation();
  const active = limit.increases.filter(({ state }) => state === "active");
  const [only, ...others] = active;
  if (!only) return null;
  return (
    <button
      type="button"
      onClick={onOpen}
      className="text-accent underline-offset-2 hover:underline"
      suppressHydrationWarning
    >
      + {bareAmount(limit.unit, raisedBy(limit))}{" "}
      {others.length > 0 ? `by ${active.length} increases` : `until ${formatUntil(only.until, timeZone, Date.now())}`}
    </button>
  );
}
