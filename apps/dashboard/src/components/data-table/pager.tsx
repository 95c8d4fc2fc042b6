"use client";

import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { SearchedTo } from "@/components/data-table/searched-to.tsx";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  nextCursor: string | null;
  /** The rows are newest first. */
  timeline?: boolean;
  /** Set if the search of the rows ended early: rows beyond this instant are not searched yet. */
  searchedTo?: string | null | undefined;
  prefix?: string;
}

/** Links between keyset pages. They add `?cursor=` to the other parameters of the URL. The browser's back button leads one page back. */
export function Pager({ nextCursor, timeline = false, searchedTo, prefix = "" }: Props) {
  const path = usePathname();
  const search = useSearchParams();
  const param = `${prefix}cursor`;
  const hrefOf = (cursor: string | null) => {
    const query = new URLSearchParams(search);
    query.delete(param);
    if (cursor) query.set(param, cursor);
    return `${path}?${query}`;
  };
  if (!search.has(param) && !nextCursor) return null;
  const next = timeline ? "Older" : "Next page";
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-center gap-2">
      {searchedTo ? <SearchedTo at={searchedTo} /> : null}
      {search.has(param) ? (
        <Button asChild>
          <Link href={hrefOf(null)}>{timeline ? "Newest" : "First page"}</Link>
        </Button>
      ) : null}
      {nextCursor ? (
        <Button asChild>
          <Link href={hrefOf(nextCursor)}>{searchedTo ? "Continue" : next}</Link>
        </Button>
      ) : null}
    </nav>
  );
}
