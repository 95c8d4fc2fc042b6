"use client";

import { useState } from "react";
import { Field } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { controlStyle } from "@/components/ui/input.tsx";
import { readCsv } from "@/lib/parse-csv.ts";
import { type OrgAction, useOrgAction } from "@/lib/use-action.ts";

interface Props<Row, T> {
  title: string;
  /** The noun of a row, in the plural: `keys`. */
  noun: string;
  columns: readonly string[];
  required: readonly string[];
  /** What the columns mean. */
  hint: string;
  example: string;
  row: (values: Record<string, string>) => Row;
  action: OrgAction<{ items: Row[] }, T>;
  onDone: (data: T) => void;
  onClose: () => void;
}

const SHOWN_MAX = 8;

/** `items.3.team` → the number of the row and the field. */
const placeOf = (path: string): [number, string] => {
  const [, row = "0", ...field] = path.split(".");
  return [Number(row), field.join(".")];
};

/** Creates many objects from pasted CSV: all of them or none. Errors name the line. */
export function CsvDialog<Row, T>({
  title,
  noun,
  columns,
  required,
  hint,
  example,
  row,
  action,
  ...props
}: Props<Row, T>) {
  const [text, setText] = useState("");
  const { rows, problem } = readCsv(text, columns, required);
  const { run, pending, message, fields } = useOrgAction(action, props.onDone);
  const errors = Object.entries(fields).map(([path, error]) => {
    const [at, field] = placeOf(path);
    return `Line ${rows[at]?.line ?? at + 2}${field ? `, ${field}` : ""}: ${error}`;
  });
  return (
    <FormDialog
      wide
      title={title}
      submit={rows.length > 0 ? `Create ${rows.length} ${noun}` : `Create ${noun}`}
      pending={pending}
      message={
        errors.length > 0
          ? `Nothing was created. ${errors.length} ${errors.length === 1 ? "row has" : "rows have"} an error.`
          : message
      }
      onSubmit={() => rows.length > 0 && run({ items: rows.map(({ values }) => row(values)) })}
      onClose={props.onClose}
    >
      <Field label="CSV" hint={problem ? undefined : hint} {...(problem ? { error: problem } : {})}>
        {(control) => (
          <textarea
            {...control}
            value={text}
            onChange={(event) => setText(event.target.value)}
            rows={10}
            spellCheck={false}
            placeholder={example}
            className={`${controlStyle} resize-y py-2 font-mono text-xs`}
          />
        )}
      </Field>
      {errors.length > 0 ? (
        <ul aria-label="Errors" className="grid gap-0.5 text-danger text-xs">
          {errors.slice(0, SHOWN_MAX).map((error) => (
            <li key={error}>{error}</li>
          ))}
          {errors.length > SHOWN_MAX ? <li>and {errors.length - SHOWN_MAX} more</li> : null}
        </ul>
      ) : null}
    </FormDialog>
  );
}
