"use client";

import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

export const Menu = Radix.Root;
export const MenuTrigger = Radix.Trigger;

export const MenuContent = ({ className, align = "end", ...rest }: ComponentProps<typeof Radix.Content>) => (
  <Radix.Portal>
    <Radix.Content
      align={align}
      sideOffset={4}
      className={cn("z-60 min-w-44 animate-[rise-in_120ms_ease-out] rounded-lg bg-raised p-1 shadow-float", className)}
      {...rest}
    />
  </Radix.Portal>
);

interface ItemProps extends ComponentProps<typeof Radix.Item> {
  danger?: boolean;
}

export const MenuItem = ({ className, danger, ...rest }: ItemProps) => (
  <Radix.Item
    className={cn(
      "flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-faint",
      danger && "text-danger [&_svg]:text-danger",
      className,
    )}
    {...rest}
  />
);

export const MenuSeparator = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2 py-1 text-faint text-xs">{children}</Radix.Label>
);
