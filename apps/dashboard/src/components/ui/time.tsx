"use client";

import { useEffect, useReducer } from "react";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { formatExact, formatRelative } from "@/lib/format-time.ts";

interface Props {
  at: string;
  className?: string;
}

/** A relative time that is updated while it is visible. On hover: the exact instant in the organisation's time zone. */
export function Time({ at, className }: Props) {
  const { timeZone } = useOrganisation();
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(renderAgain, 5_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={formatExact(at, timeZone)} className={className} suppressHydrationWarning>
      {formatRelative(at, Date.now())}
    </time>
  );
}
