"use client";

import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Menu, MenuContent, MenuTrigger } from "@/components/ui/menu.tsx";

/** The menu with the actions of a row. */
export const RowMenu = ({ label, children }: { label: string; children: ReactNode }) => (
  <Menu>
    <MenuTrigger asChild>
      <Button
        look="ghost"
        size="iconSm"
        aria-label={`Actions for ${label}`}
        onClick={(event) => event.stopPropagation()}
      >
        <Ellipsis aria-hidden />
      </Button>
    </MenuTrigger>
    <MenuContent onClick={(event) => event.stopPropagation()}>{children}</MenuContent>
  </Menu>
);
