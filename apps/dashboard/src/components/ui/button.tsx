import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";

const styles = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-ink text-canvas hover:bg-ink/85",
        plain: "border border-line-strong bg-raised text-ink shadow-card hover:bg-hover",
        ghost: "text-soft hover:bg-hover hover:text-ink",
        danger: "bg-danger text-white hover:bg-danger/90 dark:text-canvas",
      },
      size: { sm: "h-7 px-2.5 text-xs", md: "h-8 px-3 text-sm", icon: "size-8", iconSm: "size-7" },
    },
    defaultVariants: { look: "plain", size: "md" },
  },
);

interface Props extends ComponentProps<"button">, VariantProps<typeof styles> {
  asChild?: boolean;
  pending?: boolean;
}

export function Button({ look, size, className, asChild, pending, children, type = "button", ...rest }: Props) {
  const classes = cn(styles({ look, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type={type}
      className={classes}
      aria-busy={pending || undefined}
      {...rest}
      disabled={pending || rest.disabled}
    >
      {pending ? <LoaderCircle className="animate-spin" aria-hidden /> : null}
      {children}
    </button>
  );
}
