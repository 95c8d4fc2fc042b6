"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import type { ModelChoices } from "./model-choices.ts";
import { emptyTarget, type ModelForm, type TargetForm } from "./model-form.ts";
import { TargetRow } from "./target-row.tsx";

interface Props {
  targets: readonly TargetForm[];
  route: ModelForm["route"];
  onChange: (targets: TargetForm[]) => void;
  choices: ModelChoices;
  errors: Record<string, string>;
}

export function TargetsField({ targets, route, onChange, choices, errors }: Props) {
  const change = (at: number, part: Partial<TargetForm>) =>
    onChange(targets.map((target, index) => (index === at ? { ...target, ...part } : target)));
  const add = () => {
    const last = targets.at(-1);
    const priority = route === "priority" ? targets.length : 0;
    onChange([...targets, emptyTarget(last?.credentialId ?? choices.credentials[0]?.id ?? "", priority)]);
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1.5 font-medium text-sm">Targets</legend>
      {targets.map((target, index) => (
        <TargetRow
          key={target.key}
          number={index + 1}
          target={target}
          route={route}
          choices={choices}
          error={(field) => errors[`targets.${index}.${field}`]}
          onChange={(part) => change(index, part)}
          onRemove={targets.length > 1 ? () => onChange(targets.filter((_, other) => other !== index)) : null}
        />
      ))}
      {errors.targets ? <p className="text-danger text-xs">{errors.targets}</p> : null}
      <div>
        <Button size="sm" onClick={add}>
          <Plus aria-hidden />
          Add target
        </Button>
      </div>
    </fieldset>
  );
}
