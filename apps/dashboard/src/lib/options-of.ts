import type { SelectOption } from "@/components/ui/select.tsx";

/** Objects with names as the options of a select. */
export const optionsOf = (items: readonly { id: string; name: string }[]): SelectOption<string>[] =>
  items.map(({ id, name }) => ({ value: id, label: name }));
