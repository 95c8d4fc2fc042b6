"use client";

import { TextField } from "@/components/ui/field.tsx";
import type { FieldState } from "@/lib/use-form.ts";
import type { ProviderChoice } from "./provider-choice.ts";

type CredentialField = ProviderChoice["credential"][number];

interface Props {
  fields: readonly CredentialField[];
  field: (name: CredentialField["name"]) => FieldState<string>;
  /** The last characters of what is stored; undefined: nothing is yet. */
  stored?: string;
  /** Instead of the usual hint. */
  hint?: string;
}

/** What a provider's credential needs, from its row in the table of providers. */
export const CredentialFields = ({ fields, field, stored, hint }: Props) =>
  fields.map(({ name, label, hint: example, isOptional }) => (
    <TextField
      key={name}
      label={stored ? `New ${label}` : isOptional ? `${label} (optional)` : label}
      type="password"
      autoComplete="off"
      spellCheck={false}
      {...field(name)}
      placeholder={stored ? `•••• ${stored}` : example}
      hint={hint ?? (isOptional ? OPTIONAL : HINT)}
    />
  ));

const HINT = "It can be replaced, but never shown again.";
const OPTIONAL = "Only if the server asks for one. It can be replaced, but never shown again.";
