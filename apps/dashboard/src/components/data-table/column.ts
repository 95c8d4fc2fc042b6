import type { ReactNode } from "react";

export interface Column<T> {
  id: string;
  /** Shown in the head. A hidden title (`Actions`) still names the column for screen readers. */
  header: string;
  unseen?: boolean;
  /** Shown in the head instead of the title. */
  head?: ReactNode;
  cell: (row: T) => ReactNode;
  /** The server sorts the rows by this field of theirs. */
  sort?: string;
  /** The browser sorts the rows. Only for tables that have all of them, such as sums. */
  sortBy?: (row: T) => string | number | bigint;
  align?: "right";
  /** Hidden on narrower screens. */
  from?: "sm" | "md" | "lg" | "xl";
  className?: string;
}

const FROM = {
  sm: "hidden sm:table-cell",
  md: "hidden md:table-cell",
  lg: "hidden lg:table-cell",
  xl: "hidden xl:table-cell",
} as const;

export const cellClass = <T>({ align, from }: Column<T>): string =>
  `${align === "right" ? "text-right tabular-nums" : "text-left"} ${from ? FROM[from] : ""}`;
