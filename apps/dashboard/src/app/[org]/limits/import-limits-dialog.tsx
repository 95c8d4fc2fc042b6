"use client";

import { toast } from "sonner";
import { CsvDialog } from "@/components/csv-dialog.tsx";
import { bulkSetLimitsAction } from "./actions.ts";

const COLUMNS = ["scope", "subject", "unit", "window", "amount", "mode", "thresholds"] as const;

const EXAMPLE = `scope,subject,unit,window,amount,mode,thresholds
team,Research,usd,month,500,block,80|100
customer,customer-4711,requests,minute,60,block,`;

const NAMED = ["team", "member", "key", "model", "credential"];

/** Texts are sent unchanged: the verb checks them. */
const limitOf = ({ scope = "", subject, thresholds, mode, ...row }: Record<string, string>) => ({
  scope: scope as "team",
  ...(subject && NAMED.includes(scope) ? { subjectName: subject } : {}),
  ...(subject && !NAMED.includes(scope) ? { subject } : {}),
  unit: (row.unit ?? "") as "usd",
  window: (row.window ?? "") as "month",
  amount: row.amount ?? "",
  ...(mode ? { mode: mode as "block" } : {}),
  ...(thresholds
    ? {
        thresholds: thresholds
          .split(/[\s|,;]+/)
          .filter(Boolean)
          .map(Number),
      }
    : {}),
});

/** Sets limits from pasted CSV. */
export const ImportLimitsDialog = ({ onClose }: { onClose: () => void }) => (
  <CsvDialog
    title="Set limits from CSV"
    noun="limits"
    columns={COLUMNS}
    required={["scope", "unit", "window", "amount"]}
    hint={`The first line names the columns: ${COLUMNS.join(", ")}. The subject is a team's or a model's name, a member's e-mail address, a key's public id, a tag or a customer; empty: each on its own.`}
    example={EXAMPLE}
    row={limitOf}
    action={bulkSetLimitsAction}
    onDone={({ ids }) => {
      toast.success(`${ids.length} ${ids.length === 1 ? "limit" : "limits"} set`);
      onClose();
    }}
    onClose={onClose}
  />
);
