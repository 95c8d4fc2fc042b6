"use client";

import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { Button } from "@/components/ui/button.tsx";

/** Navigates keyset pages, newest first. Adds `?cursor=` to the other parameters of the URL. */
export function Pager({ nextCursor }: { nextCursor: string | null }) {
  const path = usePathname();
  const search = useSearchParams();
  const hrefOf = (cursor: string | null) => {
    const query = new URLSearchParams(search);
    query.delete("cursor");
    if (cursor) query.set("cursor", cursor);
    return `${path}?${query}`;
  };
  if (!search.has("cursor") && !nextCursor) return null;
  return (
    <nav aria-label="Pages" className="flex justify-center gap-2">
      {search.has("cursor") ? (
        <Button asChild>
          <Link href={hrefOf(null)}>Newest</Link>
        </Button>
      ) : null}
      {nextCursor ? (
        <Button asChild>
          <Link href={hrefOf(nextCursor)}>Older</Link>
        </Button>
      ) : null}
    </nav>
  );
}
