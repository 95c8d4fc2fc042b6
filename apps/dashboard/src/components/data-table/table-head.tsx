import { ArrowDown, ArrowUp } from "lucide-react";
import { type Column, cellClass } from "@/components/data-table/column.ts";
import { isSortable } from "@/components/data-table/use-sort.ts";
import { cn } from "@/lib/cn.ts";

interface Props<T> {
  column: Column<T>;
  direction: "ascending" | "descending" | undefined;
  onToggle: () => void;
}

/** The head of a column. A sortable one is a button. */
export function TableHead<T>({ column, direction, onToggle }: Props<T>) {
  const Arrow = direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={direction}
      className={cn("h-8 whitespace-nowrap px-2 font-medium text-faint text-xs sm:px-3", cellClass(column))}
    >
      {column.head ? (
        column.head
      ) : isSortable(column) ? (
        <button
          type="button"
          onClick={onToggle}
          className={cn(
            "inline-flex items-center gap-1 rounded align-middle hover:text-ink",
            column.align === "right" && "flex-row-reverse",
          )}
        >
          {column.header}
          <Arrow aria-hidden className={cn("size-3", direction ? "" : "opacity-0")} />
        </button>
      ) : (
        <span className={column.unseen ? "sr-only" : undefined}>{column.header}</span>
      )}
    </th>
  );
}
