"use client";

import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  nextCursor: string | null;
  /** The rows are newest first. */
  timeline?: boolean;
  prefix?: string;
}

/** Links between keyset pages. They add `?cursor=` to the other parameters of the URL. The browser's back button leads one page back. */
export function Pager({ nextCursor, timeline = false, prefix = "" }: Props) {
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
  return (
    <nav aria-label="Pages" className="flex justify-center gap-2">
      {search.has(param) ? (
        <Button asChild>
          <Link href={hrefOf(null)}>{timeline ? "Newest" : "First page"}</Link>
        </Button>
      ) : null}
      {nextCursor ? (
        <Button asChild>
          <Link href={hrefOf(nextCursor)}>{timeline ? "Older" : "Next page"}</Link>
        </Button>
      ) : null}
    </nav>
  );
}
