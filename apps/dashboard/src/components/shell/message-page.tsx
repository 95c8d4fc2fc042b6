import type { ReactNode } from "react";

interface Props {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** A page with only a message. */
export const MessagePage = ({ title, children, action }: Props) => (
  <div className="flex min-h-[60dvh] flex-col items-center justify-center gap-1 px-6 text-center">
    <h1 className="font-semibold text-lg">{title}</h1>
    <p className="max-w-md text-balance text-soft">{children}</p>
    {action ? <div className="mt-4 flex gap-2">{action}</div> : null}
  </div>
);
