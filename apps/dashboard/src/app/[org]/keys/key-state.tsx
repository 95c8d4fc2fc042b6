import type { Key } from "@tollgate/control/keys/schemas";
import { Badge, type Tone } from "@/components/ui/badge.tsx";

const TONES: Record<Key["state"], Tone> = { active: "good", disabled: "warn", expired: "warn", revoked: "danger" };
const LABELS: Record<Key["state"], string> = {
  active: "Active",
  disabled: "Disabled",
  expired: "Expired",
  revoked: "Revoked",
};

export const KeyState = ({ state }: { state: Key["state"] }) => <Badge tone={TONES[state]}>{LABELS[state]}</Badge>;
