"use client";

import { Command } from "cmdk";
import { Moon, Search, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { type ReactNode, useEffect, useState } from "react";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SegmentIcon } from "@/components/shell/segment-icon.tsx";
import { commandsFor } from "@/lib/commands.ts";
import { navigationFor } from "@/lib/navigation.ts";

const Item = ({ children, onSelect }: { children: ReactNode; onSelect: () => void }) => (
  <Command.Item
    onSelect={onSelect}
    className="flex cursor-default items-center gap-2 rounded-md px-2 py-2 text-sm data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-faint"
  >
    {children}
  </Command.Item>
);

const GROUP =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint";

export function CommandMenu() {
  const [open, setOpen] = useState(false);
  const { slug, role } = useOrganisation();
  const { setTheme } = useTheme();
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const then = (act: () => void) => () => {
    setOpen(false);
    act();
  };
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-raised px-2 text-faint text-sm shadow-card hover:text-soft"
      >
        <Search className="size-3.5" aria-hidden />
        <span className="flex-1 text-left">Go to…</span>
        <kbd className="font-sans text-xs">⌘K</kbd>
      </button>
      <Command.Dialog
        open={open}
        onOpenChange={setOpen}
        label="Command menu"
        overlayClassName="fixed inset-0 z-50 bg-black/40"
        contentClassName="fixed top-[14dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 overflow-hidden rounded-xl bg-raised shadow-float"
      >
        <Command.Input
          placeholder="Type a page or a command"
          className="h-11 w-full border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-faint"
        />
        <Command.List className="max-h-80 overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-8 text-center text-faint">No match.</Command.Empty>
          <Command.Group heading="Pages" className={GROUP}>
            {navigationFor(role).flatMap(({ entries }) =>
              entries.map(({ segment, label }) => (
                <Item key={segment} onSelect={then(() => router.push(`/${slug}/${segment}`))}>
                  <SegmentIcon segment={segment} />
                  {label}
                </Item>
              )),
            )}
          </Command.Group>
          <Command.Group heading="Do" className={GROUP}>
            {commandsFor(role).map(({ segment, label, query }) => (
              <Item key={label} onSelect={then(() => router.push(`/${slug}/${segment}?${query}`))}>
                <SegmentIcon segment={segment} />
                {label}
              </Item>
            ))}
            <Item onSelect={then(() => setTheme("light"))}>
              <Sun aria-hidden />
              Light theme
            </Item>
            <Item onSelect={then(() => setTheme("dark"))}>
              <Moon aria-hidden />
              Dark theme
            </Item>
          </Command.Group>
        </Command.List>
      </Command.Dialog>
    </>
  );
}
