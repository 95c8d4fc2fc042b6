"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/lib/cn.ts";

const FIRST_FIELD = "form :is(input, textarea, [role=combobox])";

/** Focuses the first field of a form. Without a field, focuses the dialog and not the close button. */
const focusFirst = (event: Event): void => {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  event.preventDefault();
  (content.querySelector<HTMLElement>(FIRST_FIELD) ?? content).focus();
};

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

const overlay = "fixed inset-0 z-50 animate-[fade-in_120ms_ease-out] bg-black/40 backdrop-blur-[1px]";

const Close = () => (
  <Radix.Close asChild>
    <Button look="ghost" size="iconSm" aria-label="Close">
      <X />
    </Button>
  </Radix.Close>
);

export const Dialog = ({ open, onOpenChange, title, description, wide, children }: Props) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className={overlay} />
      <Radix.Content
        {...(description ? {} : { "aria-describedby": undefined })}
        onOpenAutoFocus={focusFirst}
        className={cn(
          "-translate-x-1/2 fixed top-[8dvh] left-1/2 z-50 flex max-h-[84dvh] w-[calc(100vw-2rem)] animate-[fade-in_120ms_ease-out] flex-col rounded-xl bg-raised shadow-float focus:outline-none",
          wide ? "max-w-2xl" : "max-w-lg",
        )}
      >
        <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
          <div className="min-w-0">
            <Radix.Title className="font-semibold text-base">{title}</Radix.Title>
            {description ? (
              <Radix.Description className="mt-0.5 text-soft text-sm">{description}</Radix.Description>
            ) : null}
          </div>
          <Close />
        </div>
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);

export const DialogBody = ({ className, children }: { className?: string; children: ReactNode }) => (
  <div className={cn("grid min-h-0 gap-4 overflow-y-auto px-5 pt-1 pb-5", className)}>{children}</div>
);

export const DialogFooter = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap items-center justify-end gap-2 border-line border-t px-5 py-3">{children}</div>
);

/** The same dialog at the right edge, for the details of a row. */
export const Drawer = ({ open, onOpenChange, title, description, children }: Props) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-50 animate-[fade-in_120ms_ease-out] bg-black/25" />
      <Radix.Content
        {...(description ? {} : { "aria-describedby": undefined })}
        onOpenAutoFocus={focusFirst}
        className="fixed inset-y-0 right-0 z-50 flex w-full max-w-xl animate-[slide-in_160ms_ease-out] flex-col bg-raised shadow-float focus:outline-none"
      >
        <div className="flex items-center justify-between gap-4 border-line border-b px-5 py-2.5">
          <div className="min-w-0">
            <Radix.Title className="truncate font-semibold text-base">{title}</Radix.Title>
            {description ? <Radix.Description className="text-soft text-xs">{description}</Radix.Description> : null}
          </div>
          <Close />
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);
