import type { ReactNode } from "react";

/** Pairs of name and value. On narrow screens they are stacked. */
export const DetailsList = ({ children }: { children: ReactNode }) => (
  <dl className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">{children}</dl>
);

export const Detail = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-faint">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);
