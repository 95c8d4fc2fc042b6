"use client";

import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { formatExact } from "@/lib/format-time.ts";

/** How far back a search that ended early got. */
export function SearchedTo({ at }: { at: string }) {
  const { timeZone } = useOrganisation();
  return (
    <p role="status" className="text-soft text-sm">
      Searched back to <time dateTime={at}>{formatExact(at, timeZone)}</time>
    </p>
  );
}
