"use client";

import { parseAsBoolean, useQueryState } from "nuqs";
import { CheckboxField } from "@/components/ui/checkbox.tsx";

export function ShowRevoked() {
  const [revoked, setRevoked] = useQueryState(
    "revoked",
    parseAsBoolean.withDefault(false).withOptions({ shallow: false }),
  );
  return (
    <div className="mr-2">
      <CheckboxField label="Show revoked" checked={revoked} onChange={(on) => void setRevoked(on || null)} />
    </div>
  );
}
