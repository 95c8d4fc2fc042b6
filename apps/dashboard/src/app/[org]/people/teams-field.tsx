"use client";

import { CheckboxField } from "@/components/ui/checkbox.tsx";

interface Props {
  teams: readonly { id: string; name: string }[];
  value: readonly string[];
  onChange: (ids: string[]) => void;
}

export function TeamsField({ teams, value, onChange }: Props) {
  if (teams.length === 0) return null;
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1.5 font-medium text-sm">Teams</legend>
      {teams.map(({ id, name }) => (
        <CheckboxField
          key={id}
          label={name}
          checked={value.includes(id)}
          onChange={(on) => onChange(on ? [...value, id] : value.filter((other) => other !== id))}
        />
      ))}
    </fieldset>
  );
}
