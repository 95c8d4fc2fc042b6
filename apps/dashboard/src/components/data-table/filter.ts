import type { SelectOption } from "@/components/ui/select.tsx";

interface Base {
  /** The parameter of the address that holds the value. */
  param: string;
  label: string;
}

/** One control of a filter row, as data. */
export type Filter =
  | (Base & {
      kind: "search";
      placeholder: string;
      /** The rows are filtered in the browser: the server is not asked. */
      local?: boolean;
    })
  | (Base & {
      kind: "choice";
      /** Without a preset, the value "" stands for any. */
      options: readonly SelectOption<string>[];
      /** The value while the address has none. "Clear" keeps such a filter. */
      preset?: string;
      width?: string;
    })
  | (Base & {
      /** Widens the list, so it does not count as a filter that can be cleared. */
      kind: "check";
    });

/** Whether a filter can leave rows out that were there without it. */
export const isNarrowing = (filter: Filter): boolean =>
  filter.kind === "search" || (filter.kind === "choice" && filter.preset === undefined);
