import { Check } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/lib/cn.ts";
import type { Step } from "./first-steps.ts";

const Mark = ({ done, number }: { done: boolean; number: number }) => (
  <span
    className={cn(
      "flex size-6 shrink-0 items-center justify-center rounded-full border text-xs tabular-nums",
      done ? "border-transparent bg-good-soft text-good" : "border-line-strong text-soft",
    )}
  >
    {done ? <Check className="size-3.5" role="img" aria-label="Done" /> : number}
  </span>
);

/** The steps to the first governed call. A finished step gets a tick automatically. */
export function Checklist({ org, steps }: { org: string; steps: readonly Step[] }) {
  const next = steps.find(({ done }) => !done);
  const done = steps.filter((step) => step.done).length;
  return (
    <Card aria-label="First steps">
      <div className="flex items-baseline justify-between border-line border-b px-4 py-3">
        <h2 className="font-medium text-base">First steps</h2>
        <span className="text-faint text-xs tabular-nums">
          {done} of {steps.length} done
        </span>
      </div>
      <ol>
        {steps.map((step, index) => (
          <li key={step.id} className="flex items-center gap-3 border-line border-b px-4 py-3 last:border-0">
            <Mark done={step.done} number={index + 1} />
            <div className="min-w-0 flex-1">
              <p className={cn("font-medium", step.done && "text-faint line-through")}>{step.title}</p>
              {step.done ? null : <p className="text-soft">{step.why}</p>}
            </div>
            {step.done ? null : (
              <Button asChild size="sm" look={step === next ? "primary" : "plain"}>
                <Link href={`/${org}/${step.href}`}>{step.action}</Link>
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
