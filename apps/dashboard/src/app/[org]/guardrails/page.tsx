import { listGuardrails } from "@tollgate/control/guardrails/list";
import type { Metadata } from "next";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AddGuardrail } from "./add-guardrail.tsx";
import { GuardrailsTable } from "./guardrails-table.tsx";

export const metadata: Metadata = { title: "Guardrails" };

export default async function GuardrailsPage({ params }: OrgPage) {
  const { org } = await params;
  const { items } = await load(org, (ctx) => listGuardrails(ctx, {}));
  return (
    <Page
      title="Guardrails"
      description="What may not leave: rules over every prompt, for every key of the organisation."
      actions={<AddGuardrail />}
    >
      <GuardrailsTable guardrails={items} />
    </Page>
  );
}
