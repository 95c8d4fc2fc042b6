import type { SelectOption } from "@/components/ui/select.tsx";
import type { PickKind } from "@/lib/pick-kinds.ts";

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
      /** A choice that is searched for on the server, such as a key. */
      kind: "pick";
      of: PickKind;
      /** The option for no filter: `Any key`. */
      any: string;
      /** The option of the value in the URL. */
      chosen?: SelectOption<string> | undefined;
    });

/** Whether a filter can hide rows. */
export const isNarrowing = (filter: Filter): boolean =>
  filter.kind === "search" || filter.kind === "pick" || (filter.kind === "choice" && filter.preset === undefined);
