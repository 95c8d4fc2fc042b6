"use client";

import { SelectField, TextField } from "@/components/ui/field.tsx";
import { optionsOf } from "@/lib/options-of.ts";
import type { FieldState } from "@/lib/use-form.ts";
import type { FieldName, FieldTexts, SchemeChoice } from "./provider-choice.ts";

interface Props {
  schemes: readonly SchemeChoice[];
  scheme: SchemeChoice | undefined;
  field: (name: FieldName | "scheme") => FieldState<string>;
  /** The last characters of the stored secret; undefined or empty: there is none. */
  stored?: string;
  /** For secrets, instead of the usual hint. */
  hint?: string | undefined;
}

/** What a provider's credential needs, from its row in the table of providers. */
export const CredentialFields = ({ schemes, scheme, field, stored, hint }: Props) => (
  <>
    {schemes.length > 1 ? (
      <SelectField label="Authentication" {...field("scheme")} value={scheme?.id ?? ""} options={optionsOf(schemes)} />
    ) : null}
    {scheme?.fields.map(({ name, label, hint: example, isOptional, isSecret }) => (
      <TextField
        key={name}
        label={isSecret && stored ? `New ${label}` : isOptional ? `${label} (optional)` : label}
        type={isSecret ? "password" : "text"}
        autoComplete="off"
        spellCheck={false}
        {...field(name)}
        placeholder={isSecret && stored && !isOptional ? `•••• ${stored}` : example}
        hint={isSecret ? (hint ?? (isOptional ? OPTIONAL : HINT)) : undefined}
      />
    ))}
  </>
);

const HINT = "It can be replaced, but never shown again.";
const OPTIONAL = "Only if the server asks for one. It can be replaced, but never shown again.";

/** The fields of the scheme that have a value. */
export const enteredFields = (scheme: SchemeChoice | undefined, form: FieldTexts): FieldTexts =>
  Object.fromEntries(scheme?.fields.flatMap(({ name }) => (form[name] ? [[name, form[name]]] : [])) ?? []);
