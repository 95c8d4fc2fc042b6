"use client";

import { useTransition } from "react";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { formatExact } from "@/lib/format-time.ts";

interface Props {
  loadOlder: () => Promise<void>;
  searchedBackTo: string | null;
}

/** Under the rows: loads older ones, or continues a search that ended early and says how far it got. */
export function SearchEnd({ loadOlder, searchedBackTo }: Props) {
  const { timeZone } = useOrganisation();
  const [pending, startTransition] = useTransition();
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 pt-2">
      {searchedBackTo ? (
        <p role="status" className="text-soft text-sm">
          Searched back to <time dateTime={searchedBackTo}>{formatExact(searchedBackTo, timeZone)}</time>
        </p>
      ) : null}
      <Button pending={pending} onClick={() => startTransition(loadOlder)}>
        {searchedBackTo ? "Continue" : "Load older"}
      </Button>
    </div>
  );
}
