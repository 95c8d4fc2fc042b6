"use client";

import { type LucideIcon, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import type { Creation } from "@/components/data-table/creation.ts";
import type { Filters } from "@/components/data-table/use-filters.ts";
import { NewButton } from "@/components/new-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";

export interface EmptyTexts {
  icon: LucideIcon;
  title: string;
  text: ReactNode;
  /** Shown instead of the button that creates a row. */
  action?: ReactNode;
}

interface Props extends EmptyTexts {
  label: string;
  create?: Pick<Creation, "label"> | undefined;
  prefix: string;
  state: Filters;
  /** Further rows are not searched yet. */
  more: boolean;
}

/** Shown instead of an empty table: the filters hide all rows, or there are none yet. */
export function NoRows({ icon, title, text, action, label, create, prefix, state, more }: Props) {
  if (more) {
    return (
      <EmptyState icon={SearchX} title="Nothing found yet" action={<Button onClick={state.clear}>Show all</Button>}>
        Older {label.toLowerCase()} are not searched yet. Continue, or search for something else.
      </EmptyState>
    );
  }
  if (state.narrowed) {
    return (
      <EmptyState icon={SearchX} title="Nothing matches" action={<Button onClick={state.clear}>Show all</Button>}>
        No {label.toLowerCase()} match the search and the filters.
      </EmptyState>
    );
  }
  const createButton = create ? <NewButton label={create.label} prefix={prefix} /> : null;
  return (
    <EmptyState icon={icon} title={title} action={action ?? createButton}>
      {text}
    </EmptyState>
  );
}
