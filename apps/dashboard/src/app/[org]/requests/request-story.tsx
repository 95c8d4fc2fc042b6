import { isBatchSurface } from "@tollgate/contracts/batch";
import type { RequestDetail } from "@tollgate/control/reports/schemas";
import type { ReactNode } from "react";
import { StatusBadge } from "@/components/status-badge.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { DeletedMark } from "@/components/ui/deleted-mark.tsx";
import { Detail, DetailsList } from "@/components/ui/details-list.tsx";
import { Time } from "@/components/ui/time.tsx";
import { AttemptsList } from "./attempts-list.tsx";
import { CostDetails } from "./cost-details.tsx";
import { GuardrailVerdicts } from "./guardrail-verdicts.tsx";
import { UnitAmounts } from "./unit-amounts.tsx";
import { Waterfall } from "./waterfall.tsx";

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid gap-2 border-line border-b px-5 py-4 last:border-0">
    <h3 className="font-medium text-soft text-xs">{title}</h3>
    {children}
  </section>
);

const OUTCOMES: Record<string, string> = {
  complete: "Complete",
  refused: "Refused before it was sent",
  failed: "Failed",
  client_left: "The client left",
  cut: "Cut off",
  interrupted: "Interrupted by a restart",
};

const CACHE = { hit: "Hit", miss: "Miss", bypass: "Bypassed by the caller", off: "Off" } as const;

function Tags({ tags }: { tags: RequestDetail["tags"] }) {
  const entries = Object.entries(tags);
  if (entries.length === 0) return <span className="text-faint">–</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {entries.map(([name, value]) => (
        <Badge key={name} className="font-mono">
          {name}={value}
        </Badge>
      ))}
    </span>
  );
}

interface NamedProps {
  kind: "key" | "team" | "member";
  label: string;
  name: string | null;
  story: RequestDetail;
}

const Named = ({ kind, label, name, story }: NamedProps) =>
  name ? (
    <Detail name={label}>
      {name}
      <DeletedMark when={story.deleted.includes(kind)} kind={kind === "key" ? "revoked" : "deleted"} />
    </Detail>
  ) : null;

export const RequestStory = ({ story }: { story: RequestDetail }) => (
  <>
    <Section title="What happened">
      <div className="flex flex-wrap items-center gap-2">
        <StatusBadge status={story.status} error={story.error} />
        <span>{OUTCOMES[story.outcome] ?? story.outcome}</span>
        <Time at={story.at} className="text-faint" />
      </div>
      {story.errorMessage ? (
        <p className="rounded-md bg-danger-soft px-3 py-2 text-danger">{story.errorMessage}</p>
      ) : null}
      <DetailsList>
        <Detail name="Request id">
          <CopyableId id={story.id} name="request id" />
        </Detail>
        <Detail name="Served by">
          {story.provider ? `${story.credentialName ?? story.provider} · ${story.upstreamModel}` : "no provider"}
          <DeletedMark when={story.deleted.includes("credential")} />
        </Detail>
        <Detail name="Model">
          {story.model}
          <DeletedMark when={story.deleted.includes("model")} />
        </Detail>
        <Named kind="key" story={story} name={story.keyName} label="Key" />
        <Named kind="team" story={story} name={story.teamName} label="Team" />
        <Named kind="member" story={story} name={story.memberName} label="Member" />
        <Detail name="Surface">
          {story.surface}
          {story.stream ? ", streamed" : ""}
        </Detail>
        <Detail name="Cache">{CACHE[story.cache]}</Detail>
      </DetailsList>
    </Section>
    <Section title="Timings">
      <Waterfall story={story} />
    </Section>
    <Section title={story.attempts.length === 1 ? "1 attempt" : `${story.attempts.length} attempts`}>
      <AttemptsList attempts={story.attempts} isBatch={isBatchSurface(story.surface) && story.outcome !== "refused"} />
    </Section>
    <Section title="Tokens">
      <UnitAmounts use={story.use} source={story.source} />
    </Section>
    <Section title="Cost">
      <CostDetails story={story} />
    </Section>
    <Section title="Guardrails">
      <GuardrailVerdicts hits={story.guardrails} />
    </Section>
    <Section title="From the caller">
      <DetailsList>
        <Detail name="Tags">
          <Tags tags={story.tags} />
        </Detail>
        <Detail name="Customer">{story.customer ?? <span className="text-faint">–</span>}</Detail>
        <Detail name="Run">
          {story.session ? <CopyableId id={story.session} name="run" /> : <span className="text-faint">–</span>}
        </Detail>
        {story.endUser ? <Detail name="End user">{story.endUser}</Detail> : null}
        {story.costCentre ? <Detail name="Cost centre">{story.costCentre}</Detail> : null}
        <Detail name="Client request id">
          {story.clientRequestId ? (
            <CopyableId id={story.clientRequestId} name="client's request id" />
          ) : (
            <span className="text-faint">–</span>
          )}
        </Detail>
        {story.metadata ? (
          <Detail name="Metadata">
            <code className="break-all font-mono text-xs">{story.metadata}</code>
          </Detail>
        ) : null}
        {story.flags.length > 0 ? <Detail name="Flags">{story.flags.join(", ")}</Detail> : null}
      </DetailsList>
    </Section>
  </>
);
