"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/lib/cn.ts";

/** Copies text to the clipboard. `copied` is true for a moment afterwards. */
export function useCopy(): { copied: boolean; copy: (text: string) => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return { copied, copy: (text) => void navigator.clipboard.writeText(text).then(() => setCopied(true)) };
}

interface Props {
  text: string;
  label: string;
  /** With `face`, the label is shown beside the icon. */
  face?: boolean;
  className?: string;
}

export function CopyButton({ text, label, face, className }: Props) {
  const { copied, copy } = useCopy();
  const Icon = copied ? Check : Copy;
  return (
    <Button
      look={face ? "plain" : "ghost"}
      size={face ? "md" : "iconSm"}
      className={className}
      aria-label={copied ? "Copied" : label}
      title={label}
      onClick={() => copy(text)}
    >
      <Icon className={cn(copied && "text-good")} aria-hidden />
      {face ? (copied ? "Copied" : label) : null}
    </Button>
  );
}
