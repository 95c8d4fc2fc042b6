import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** Explains what this list contains and what to do next. */
export const EmptyState = ({ icon: Icon, title, children, action }: Props) => (
  <div className="flex flex-col items-center gap-1 rounded-lg border border-line border-dashed px-6 py-14 text-center">
    <span className="mb-2 flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-soft">
      <Icon className="size-5" aria-hidden />
    </span>
    <h2 className="font-medium text-base">{title}</h2>
    <p className="max-w-md text-balance text-soft text-sm">{children}</p>
    {action ? <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div> : null}
  </div>
);
