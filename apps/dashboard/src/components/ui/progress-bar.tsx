import { cn } from "@/lib/cn.ts";

interface Props {
  /** 0–1; values above 1 are shown as full. */
  share: number;
  label: string;
  className?: string;
}

const tone = (share: number): string => {
  if (share >= 1) return "bg-danger";
  return share >= 0.8 ? "bg-warn" : "bg-accent";
};

export function ProgressBar({ share, label, className }: Props) {
  const percent = Math.max(0, Math.min(100, share * 100));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      className={cn("h-1.5 overflow-hidden rounded-full bg-hover", className)}
    >
      <div className={cn("h-full rounded-full transition-[width]", tone(share))} style={{ width: `${percent}%` }} />
    </div>
  );
}
