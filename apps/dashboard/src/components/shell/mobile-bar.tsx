"use client";

import { Menu as MenuIcon } from "lucide-react";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { OrganisationSwitcher } from "@/components/shell/organisation-switcher.tsx";
import type { SidebarProps } from "@/components/shell/sidebar.tsx";
import { SidebarNav } from "@/components/shell/sidebar-nav.tsx";
import { ThemeToggle } from "@/components/shell/theme-toggle.tsx";
import { UserMenu } from "@/components/shell/user-menu.tsx";
import { Button } from "@/components/ui/button.tsx";

/** The sidebar of narrow screens: a bar whose button opens it as a drawer. */
export function MobileBar({ user, organisation, organisations }: SidebarProps) {
  const [open, setOpen] = useState(false);
  return (
    <div className="sticky top-0 z-30 flex h-12 items-center gap-2 border-line border-b bg-canvas px-3 md:hidden">
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger asChild>
          <Button look="ghost" size="icon" aria-label="Open menu">
            <MenuIcon aria-hidden />
          </Button>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 animate-[fade-in_120ms_ease-out] bg-black/40" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-40 flex w-64 animate-[slide-in-left_160ms_ease-out] flex-col bg-sunken shadow-float focus:outline-none"
          >
            <Dialog.Title className="sr-only">Menu</Dialog.Title>
            <div className="min-h-0 flex-1 overflow-y-auto py-4">
              <SidebarNav onNavigate={() => setOpen(false)} />
            </div>
            <div className="flex items-center gap-1 border-line border-t p-2">
              <UserMenu {...user} />
              <ThemeToggle />
            </div>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      <div className="min-w-0 flex-1">
        <OrganisationSwitcher name={organisation} organisations={organisations} />
      </div>
    </div>
  );
}
