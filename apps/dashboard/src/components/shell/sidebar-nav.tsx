"use client";

import Link, { useLinkStatus } from "next/link";
import { useSelectedLayoutSegment } from "next/navigation";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SegmentIcon } from "@/components/shell/segment-icon.tsx";
import { cn } from "@/lib/cn.ts";
import { navigationFor, type Segment } from "@/lib/navigation.ts";

/** Pulses while its page is loading. */
function Face({ segment, label }: { segment: Segment; label: string }) {
  const { pending } = useLinkStatus();
  return (
    <>
      <SegmentIcon segment={segment} className={cn("size-4", pending && "animate-pulse text-accent")} />
      {label}
    </>
  );
}

export function SidebarNav({ onNavigate }: { onNavigate?: () => void }) {
  const { slug, role } = useOrganisation();
  const current = useSelectedLayoutSegment();
  return (
    <nav aria-label="Main" className="grid gap-4 px-2">
      {navigationFor(role).map(({ title, entries }) => (
        <div key={title}>
          <p className="px-2 pb-1 text-faint text-xs">{title}</p>
          <ul className="grid gap-px">
            {entries.map(({ segment, label }) => (
              <li key={segment}>
                <Link
                  href={`/${slug}/${segment}`}
                  aria-current={segment === current ? "page" : undefined}
                  onClick={onNavigate}
                  className={cn(
                    "flex h-8 items-center gap-2 rounded-md px-2 text-soft transition-colors hover:bg-hover hover:text-ink md:h-7",
                    segment === current && "bg-hover font-medium text-ink",
                  )}
                >
                  <Face segment={segment} label={label} />
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
