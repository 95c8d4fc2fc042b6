import { TextField } from "@/components/ui/field.tsx";

const HINTS = {
  key: "Empty: the cost centre of its team, else of its member.",
  team: "For keys of the team that have none.",
  member: "For keys of the member that have none, and whose team has none.",
} as const;

interface Props {
  /** What the cost centre belongs to. */
  of: keyof typeof HINTS;
  label?: string;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

/** Empty text is no cost centre. */
export const CostCentreField = ({ of, label = "Cost centre", error, ...rest }: Props) => (
  <TextField label={label} hint={HINTS[of]} placeholder="4711" {...rest} {...(error ? { error } : {})} />
);
