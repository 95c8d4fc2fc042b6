import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

export const Card = ({ className, ...rest }: ComponentProps<"section">) => (
  <section className={cn("rounded-lg border border-line bg-raised shadow-card", className)} {...rest} />
);

interface HeaderProps {
  title: string;
  description?: ReactNode;
  action?: ReactNode;
}

export const CardHeader = ({ title, description, action }: HeaderProps) => (
  <div className="flex items-start justify-between gap-4 px-4 pt-3 pb-2">
    <div className="min-w-0">
      <h2 className="font-medium text-sm">{title}</h2>
      {description ? <p className="text-faint text-xs">{description}</p> : null}
    </div>
    {action}
  </div>
);
