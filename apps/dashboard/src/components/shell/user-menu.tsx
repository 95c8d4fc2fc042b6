"use client";

import { LogOut } from "lucide-react";
import { signOut } from "next-auth/react";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from "@/components/ui/menu.tsx";

interface Props {
  name: string;
  email: string;
}

export const UserMenu = ({ name, email }: Props) => (
  <Menu>
    <MenuTrigger className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover">
      <span
        aria-hidden
        className="flex size-5 shrink-0 items-center justify-center rounded-full bg-accent-soft font-medium text-accent text-xs"
      >
        {name.slice(0, 1).toUpperCase()}
      </span>
      <span className="sr-only">Account: </span>
      <span className="truncate text-sm">{name}</span>
    </MenuTrigger>
    <MenuContent align="start">
      <MenuLabel>{email}</MenuLabel>
      <MenuSeparator />
      <MenuItem onSelect={() => void signOut({ callbackUrl: "/sign-in" })}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </MenuContent>
  </Menu>
);
