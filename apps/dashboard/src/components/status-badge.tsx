import { Badge, type Tone } from "@/components/ui/badge.tsx";

interface Props {
  /** The HTTP status that the client got. */
  status: number;
  error?: string | null;
}

const toneOf = (status: number): Tone => {
  if (status < 400) return "good";
  if (status === 499) return "neutral";
  return status < 500 ? "warn" : "danger";
};

export const StatusBadge = ({ status, error }: Props) => (
  <Badge tone={toneOf(status)} title={error ?? undefined} className="tabular-nums">
    {status}
    {error ? <span className="hidden max-w-40 truncate font-normal xl:inline">{error}</span> : null}
  </Badge>
);
