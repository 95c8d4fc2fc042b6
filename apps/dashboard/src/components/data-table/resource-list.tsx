import { Fragment, type ReactNode } from "react";
import { Card } from "@/components/ui/card.tsx";

interface Props<T> {
  label: string;
  rows: readonly T[];
  rowId: (row: T) => string;
  /** Draws a row as a list item. */
  draw: (row: T) => ReactNode;
}

/** Rows under each other in one card. */
export const ResourceList = <T,>({ label, rows, rowId, draw }: Props<T>) => (
  <Card>
    <ul aria-label={label}>
      {rows.map((row) => (
        <Fragment key={rowId(row)}>{draw(row)}</Fragment>
      ))}
    </ul>
  </Card>
);
