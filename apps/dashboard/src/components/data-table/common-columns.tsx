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
  sort: "name",
  cell: (row) => (
    <div className="grid">
      <span className="font-medium">{row.name}</span>
      <CopyableId {...idOf(row)} />
    </div>
  ),
});

interface NumberColumn<T> extends Pick<Column<T>, "id" | "header" | "from" | "sort"> {
  of: (row: T) => number;
}

export const numberColumn = <T,>({ of, ...column }: NumberColumn<T>): Column<T> => ({
  ...column,
  align: "right",
  cell: (row) => formatCount(of(row)),
});

interface TimeColumn<T> extends Pick<Column<T>, "id" | "header" | "from" | "sort"> {
  at: (row: T) => string | null;
}

/** A past or future time; `never` without one. */
export const timeColumn = <T,>({ at, ...column }: TimeColumn<T>): Column<T> => ({
  ...column,
  cell: (row) => {
    const time = at(row);
    return time ? <Time at={time} className="text-soft" /> : <Absent>never</Absent>;
  },
});
