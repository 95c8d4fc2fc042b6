"use client";

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface Props {
  label: string;
  tabs: readonly { id: string; label: string; content: ReactNode }[];
}

export const Tabs = ({ label, tabs }: Props) => (
  <Radix.Root defaultValue={tabs[0]?.id} className="min-w-0">
    <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-line border-b">
      {tabs.map((tab) => (
        <Radix.Trigger
          key={tab.id}
          value={tab.id}
          className="-mb-px whitespace-nowrap border-transparent border-b-2 px-2.5 py-1.5 text-soft text-xs hover:text-ink data-[state=active]:border-ink data-[state=active]:font-medium data-[state=active]:text-ink"
        >
          {tab.label}
        </Radix.Trigger>
      ))}
    </Radix.List>
    {tabs.map((tab) => (
      <Radix.Content key={tab.id} value={tab.id} className="pt-3">
        {tab.content}
      </Radix.Content>
    ))}
  </Radix.Root>
);
