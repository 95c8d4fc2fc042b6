import { listGuardrails } from "@tollgate/control/guardrails/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { GuardrailsTable } from "./guardrails-table.tsx";

export const metadata: Metadata = { title: "Guardrails" };

export default async function GuardrailsPage({ params }: OrgPage) {
  const { org } = await params;
  const { items } = await load(org, (ctx) => listGuardrails(ctx, {}));
  return (
    <Page
      title="Guardrails"
      description="Rules checked on every prompt, for every key of the organisation."
      actions={<NewButton label="Add guardrail" />}
    >
      <GuardrailsTable guardrails={items} />
    </Page>
  );
}
