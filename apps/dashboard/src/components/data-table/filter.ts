import type { SelectOption } from "@/components/ui/select.tsx";

interface Base {
  /** The URL parameter of the value. */
  param: string;
  label: string;
}

/** One control of a filter row, as data. */
export type Filter =
  | (Base & {
      kind: "search";
      placeholder: string;
      /** The rows are filtered in the browser, without the server. */
      local?: boolean;
    })
  | (Base & {
      kind: "choice";
      /** Without a preset, the value "" means any. */
      options: readonly SelectOption<string>[];
      /** The value if the URL has none. "Clear" keeps such a filter. */
      preset?: string;
      width?: string;
    })
  | (Base & {
      /** Shows more rows, so it does not count as a filter that can be cleared. */
      kind: "check";
    });

/** Whether a filter can hide rows. */
export const isNarrowing = (filter: Filter): boolean =>
  filter.kind === "search" || (filter.kind === "choice" && filter.preset === undefined);
