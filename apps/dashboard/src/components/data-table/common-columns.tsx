import type { Column } from "@/components/data-table/column.ts";
import { Absent } from "@/components/ui/absent.tsx";
import { CopyableId, type CopyableIdProps } from "@/components/ui/copyable-id.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatCount } from "@/lib/format-count.ts";

/** The name of a row with its id under it. */
export const nameColumn = <T extends { name: string }>(
  idOf: (row: T) => CopyableIdProps,
  header = "Name",
): Column<T> => ({
  id: "name",
  header,
  sortBy: (row) => row.name.toLowerCase(),
  cell: (row) => (
    <div className="grid">
      <span className="font-medium">{row.name}</span>
      <CopyableId {...idOf(row)} />
    </div>
  ),
});

interface NumberColumn<T> extends Pick<Column<T>, "id" | "header" | "from"> {
  of: (row: T) => number;
}

export const numberColumn = <T,>({ of, ...column }: NumberColumn<T>): Column<T> => ({
  ...column,
  align: "right",
  sortBy: of,
  cell: (row) => formatCount(of(row)),
});

interface TimeColumn<T> extends Pick<Column<T>, "id" | "header" | "from"> {
  at: (row: T) => string | null;
}

/** A past or future time; `never` without one. */
export const timeColumn = <T,>({ at, ...column }: TimeColumn<T>): Column<T> => ({
  ...column,
  sortBy: (row) => at(row) ?? "",
  cell: (row) => {
    const time = at(row);
    return time ? <Time at={time} className="text-soft" /> : <Absent>never</Absent>;
  },
});
