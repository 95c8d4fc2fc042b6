"use client";

import { useTransition } from "react";
import { SearchedTo } from "@/components/data-table/searched-to.tsx";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  loadOlder: () => Promise<void>;
  searchedBackTo: string | null;
}

/** Under the rows: loads older ones, or continues a search that ended early and says how far it got. */
export function SearchEnd({ loadOlder, searchedBackTo }: Props) {
  const [pending, startTransition] = useTransition();
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 pt-2">
      {searchedBackTo ? <SearchedTo at={searchedBackTo} /> : null}
      <Button pending={pending} onClick={() => startTransition(loadOlder)}>
        {searchedBackTo ? "Continue" : "Load older"}
      </Button>
    </div>
  );
}
