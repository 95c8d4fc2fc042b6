import {
  Bell,
  Boxes,
  ChartColumnStacked,
  Gauge,
  History,
  KeyRound,
  Layers,
  LayoutGrid,
  type LucideIcon,
  Plug,
  ScrollText,
  Settings,
  ShieldCheck,
  Users,
  Waypoints,
} from "lucide-react";
import type { Segment } from "@/lib/navigation.ts";

const SEGMENT_ICONS: Record<Segment, LucideIcon> = {
  overview: LayoutGrid,
  requests: ScrollText,
  runs: Waypoints,
  batches: Layers,
  spend: ChartColumnStacked,
  keys: KeyRound,
  models: Boxes,
  providers: Plug,
  limits: Gauge,
  alerts: Bell,
  guardrails: ShieldCheck,
  people: Users,
  audit: History,
  settings: Settings,
};

export function SegmentIcon({ segment, className }: { segment: Segment; className?: string }) {
  const Icon = SEGMENT_ICONS[segment];
  return <Icon className={className} aria-hidden />;
}
