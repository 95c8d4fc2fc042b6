import { listGuardrails } from "@tollgate/control/guardrails/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { GuardrailsTable } from "./guardrails-table.tsx";

export const metadata: Metadata = { title: "Guardrails" };

export default async function GuardrailsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const { items, nextCursor } = await load(org, (ctx) => listGuardrails(ctx, listQuery(search)));
  return (
    <Page
      title="Guardrails"
      description="Rules checked on every prompt, for every key of the organisation."
      actions={<NewButton label="Add guardrail" />}
    >
      <GuardrailsTable guardrails={items} nextCursor={nextCursor} />
    </Page>
  );
}
