import { CircleAlert } from "lucide-react";
import { cn } from "@/lib/cn.ts";

/** The server's error above the buttons of a form. Renders nothing without a message. */
export const FormError = ({ message, className }: { message?: string | undefined; className?: string }) =>
  message ? (
    <p
      role="alert"
      className={cn("flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-danger text-sm", className)}
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span>{message}</span>
    </p>
  ) : null;
