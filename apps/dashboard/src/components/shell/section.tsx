import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  description?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

/** A part of a page with its own heading. */
export function Section({ title, description, action, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid grid-cols-[minmax(0,1fr)] gap-3 pt-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div>
          <h2 id={id} className="font-medium text-base">
            {title}
          </h2>
          {description ? <p className="text-soft">{description}</p> : null}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
