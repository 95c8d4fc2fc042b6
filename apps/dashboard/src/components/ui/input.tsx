import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";

export const controlStyle =
  "w-full rounded-md border border-line-strong bg-raised px-2.5 text-sm text-ink shadow-card placeholder:text-faint focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent/40 disabled:opacity-60 aria-invalid:border-danger";

export const Input = ({ className, ...rest }: ComponentProps<"input">) => (
  <input className={cn(controlStyle, "h-8", className)} {...rest} />
);
