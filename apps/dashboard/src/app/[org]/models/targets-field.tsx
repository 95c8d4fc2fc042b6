"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import type { FieldState } from "@/lib/use-form.ts";
import type { ModelChoices } from "./model-choices.ts";
import { emptyTarget, type ModelForm, type TargetForm } from "./model-form.ts";
import { TargetRow } from "./target-row.tsx";

interface Props extends Omit<FieldState<TargetForm[]>, "error"> {
  route: ModelForm["route"];
  choices: ModelChoices;
  errorOf: (field: string) => string | undefined;
}

export function TargetsField({ value: targets, onChange, route, choices, errorOf }: Props) {
  const change = (at: number, part: Partial<TargetForm>) =>
    onChange(targets.map((target, index) => (index === at ? { ...target, ...part } : target)));
  const add = () => {
    const last = targets.at(-1);
    const priority = route === "priority" ? targets.length : 0;
    onChange([...targets, emptyTarget(last?.credential ?? choices.first, priority)]);
  };
  const own = errorOf("targets");
  const isOfOne = targets.some((_, index) => errorOf(`targets.${index}`));
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1.5 font-medium text-sm">Targets</legend>
      {targets.map((target, index) => (
        <TargetRow
          key={target.key}
          number={index + 1}
          target={target}
          route={route}
          errorOf={(field) => errorOf(`targets.${index}.${field}`)}
          onChange={(part) => change(index, part)}
          onRemove={targets.length > 1 ? () => onChange(targets.filter((_, other) => other !== index)) : null}
        />
      ))}
      {own && !isOfOne ? <p className="text-danger text-xs">{own}</p> : null}
      <div>
        <Button size="sm" onClick={add}>
          <Plus aria-hidden />
          Add target
        </Button>
      </div>
    </fieldset>
  );
}
