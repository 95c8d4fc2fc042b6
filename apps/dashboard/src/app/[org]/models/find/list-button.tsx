"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { discoverModelsAction } from "./actions.ts";

interface Props {
  credentialId: string;
  label: string;
  isRunning: boolean;
}

/** Has a proxy ask the provider for its models. The page shows the progress. */
export function ListButton({ credentialId, label, isRunning }: Props) {
  const router = useRouter();
  const { run, pending, message } = useOrgAction(discoverModelsAction, () => router.refresh());
  return (
    <div className="grid justify-items-start gap-1">
      <Button look="primary" disabled={pending || isRunning} onClick={() => run({ id: credentialId })}>
        {pending || isRunning ? "Asking the provider…" : label}
      </Button>
      <FormError message={message} />
    </div>
  );
}
