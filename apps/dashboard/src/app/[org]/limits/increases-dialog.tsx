"use client";

import type { Limit, LimitIncrease } from "@tollgate/control/limits/schemas";
import { toast } from "sonner";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody } from "@/components/ui/dialog.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { Time } from "@/components/ui/time.tsx";
import { bareAmount, limitSubject } from "@/lib/format-limit.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { formatUntil } from "@/lib/zoned-day.ts";
import { revokeIncreaseAction } from "./actions.ts";

interface Props {
  limit: Limit;
  mayEdit: boolean;
  onClose: () => void;
}

const STATE = {
  active: { label: "Active", tone: "good" },
  ended: { label: "Ended", tone: "neutral" },
  revoked: { label: "Revoked", tone: "neutral" },
} as const;

function Entry({ entry, unit }: { entry: LimitIncrease; unit: Limit["unit"] }) {
  const { timeZone } = useOrganisation();
  const state = STATE[entry.state];
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-x-2 tabular-nums">
        <span className="font-medium">+ {bareAmount(unit, entry.amount)}</span>
        <span className="text-soft" suppressHydrationWarning>
          until {formatUntil(entry.until, timeZone, Date.now())}
        </span>
        <Badge tone={state.tone}>{state.label}</Badge>
      </p>
      <p className="break-words text-sm">{entry.reason}</p>
      <p className="text-faint text-xs">
        {entry.madeBy}, <Time at={entry.madeAt} />
        {entry.revokedAt ? (
          <>
            ; revoked by {entry.revokedBy}, <Time at={entry.revokedAt} />
          </>
        ) : null}
      </p>
    </div>
  );
}

/** Every increase of a limit. The active ones can be revoked. */
export function IncreasesDialog({ limit, mayEdit, onClose }: Props) {
  const { run, pending, message } = useOrgAction(revokeIncreaseAction, () => {
    toast.success("Increase revoked", { description: "The limit has its former amount within two seconds." });
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Increases of the limit on ${limitSubject(limit)}`}
      description="An increase cannot be edited. It ends at its time, or when it is revoked."
    >
      <DialogBody>
        <ul aria-label="Increases" className="grid gap-4">
          {limit.increases.map((entry) => (
            <li key={entry.id} className="flex items-start justify-between gap-4">
              <Entry entry={entry} unit={limit.unit} />
              {mayEdit && entry.state === "active" ? (
                <Button
                  size="sm"
                  disabled={pending}
                  aria-label={`Revoke the increase: ${entry.reason}`}
                  onClick={() => run({ id: entry.id })}
                >
                  Revoke
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
        <FormError message={message} />
      </DialogBody>
    </Dialog>
  );
}
