import type { CredentialTest } from "@tollgate/control/credentials/schemas";
import { LoaderCircle } from "lucide-react";
import { Absent } from "@/components/ui/absent.tsx";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Time } from "@/components/ui/time.tsx";

const LOOKS: Record<CredentialTest["state"], { tone: Tone; label: string }> = {
  running: { tone: "neutral", label: "Testing" },
  works: { tone: "good", label: "Works" },
  limited: { tone: "warn", label: "Rate limited" },
  failed: { tone: "danger", label: "Failed" },
};
/** No proxy has begun the test, which says nothing about the credential. */
const NOT_TESTED: (typeof LOOKS)["failed"] = { tone: "neutral", label: "Not tested" };

/** The result and time of the last test of a credential, and what failed. */
export function TestState({ test }: { test: CredentialTest | null }) {
  if (!test) return <Absent>not tested</Absent>;
  const isUntested = test.outcome === "no_proxy";
  const { tone, label } = isUntested ? NOT_TESTED : LOOKS[test.state];
  const isRunning = test.state === "running";
  return (
    <div role="status" className="grid max-w-72 gap-0.5">
      <span className="flex flex-wrap items-center gap-1.5">
        <Badge tone={tone} title={test.message}>
          {isRunning ? <LoaderCircle className="animate-spin" aria-hidden /> : null}
          {label}
        </Badge>
        {isRunning || isUntested ? null : (
          <span className="whitespace-nowrap text-soft text-xs">
            checked <Time at={test.testedAt ?? test.askedAt} />
          </span>
        )}
      </span>
      {test.state === "failed" || test.state === "limited" ? (
        <span className="whitespace-normal text-soft text-xs">{test.message}</span>
      ) : null}
    </div>
  );
}
