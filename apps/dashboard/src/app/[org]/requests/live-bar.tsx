import { Pause, Play } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/lib/cn.ts";

interface Props {
  live: boolean;
  setLive: (live: boolean) => void;
}

/** Shows whether new rows are added automatically, with a button to change it. */
export const LiveBar = ({ live, setLive }: Props) => (
  <div className="flex items-center justify-between text-faint text-xs">
    <span className="flex items-center gap-1.5">
      <span aria-hidden className={cn("size-1.5 rounded-full", live ? "animate-pulse bg-good" : "bg-line-strong")} />
      {live ? "Live" : "Paused"}
    </span>
    <Button look="ghost" size="sm" aria-pressed={live} onClick={() => setLive(!live)}>
      {live ? <Pause aria-hidden /> : <Play aria-hidden />}
      {live ? "Pause" : "Go live"}
    </Button>
  </div>
);
