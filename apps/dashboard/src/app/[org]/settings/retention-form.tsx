"use client";

import type { Retention } from "@tollgate/control/retention/schemas";
import { TextField } from "@/components/ui/field.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateRetentionAction } from "./actions.ts";
import { SettingsForm } from "./settings-form.tsx";

const textOf = (days: number | null): string => (days === null ? "" : String(days));
const daysOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));

/** How long requests and alerts are kept. */
export function RetentionForm({ retention }: { retention: Retention }) {
  const { field, frame } = useOrgForm({
    start: { requestsDays: textOf(retention.requestsDays), alertsDays: textOf(retention.alertsDays) },
    action: updateRetentionAction,
    input: ({ requestsDays, alertsDays }) => ({ requestsDays: daysOf(requestsDays), alertsDays: daysOf(alertsDays) }),
    done: () => "Saved",
  });
  return (
    <SettingsForm
      {...frame}
      title="Retention"
      description="Older requests and alerts are deleted and cannot be brought back. Spend, limits and closed months keep their figures. Empty: as long as this installation keeps them."
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          label="Requests, days"
          inputMode="numeric"
          {...field("requestsDays")}
          hint="At least 35: usage may arrive that late."
        />
        <TextField label="Alerts, days" inputMode="numeric" {...field("alertsDays")} hint="At least 100." />
      </div>
      {retention.requestsSince ? (
        <p className="text-soft text-sm">
          Requests from before <Time at={retention.requestsSince} /> are deleted.
        </p>
      ) : null}
    </SettingsForm>
  );
}
