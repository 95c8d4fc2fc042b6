"use client";

import { Check, Copy } from "lucide-react";
import { useCopy } from "@/components/ui/copy-button.tsx";
import { cn } from "@/lib/cn.ts";

export interface CopyableIdProps {
  id: string;
  /** Text to show instead of the whole id. */
  short?: string;
  /** Shows only the end, because ids of the same hour start alike. */
  brief?: boolean;
  /** Name of the object with this id, for screen readers. */
  name: string;
  className?: string;
}

/** An id in monospace. A click copies the whole id. */
export function CopyableId({ id, short, brief, name, className }: CopyableIdProps) {
  const { copied, copy } = useCopy();
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      title={id}
      onClick={(event) => {
        event.stopPropagation();
        copy(id);
      }}
      className={cn(
        "group/id inline-flex max-w-full items-center gap-1 rounded font-mono text-soft text-xs hover:text-ink",
        className,
      )}
    >
      <span className="sr-only">{copied ? "Copied" : `Copy ${name} ${id}`}</span>
      <span aria-hidden className="truncate">
        {short ?? (brief ? `…${id.slice(-8)}` : id)}
      </span>
      <Icon
        aria-hidden
        className={cn(
          "size-3 shrink-0 opacity-0 transition-opacity group-hover/id:opacity-100 group-focus-visible/id:opacity-100",
          copied && "text-good opacity-100",
        )}
      />
    </button>
  );
}
