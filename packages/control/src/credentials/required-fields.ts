import type { Provider } from "@tollgate/catalog/providers";
import { invalid } from "../fields.ts";

type Given = Readonly<Partial<Record<Provider["credential"][number]["name"], string>>>;

/** Throws `validation_failed` on each field that the provider's credential needs and that is not given. */
export function checkRequired({ credential, name: provider }: Provider, given: Given): void {
  const missing = credential.filter(({ name, isOptional }) => !isOptional && given[name] === undefined);
  if (missing.length === 0) return;
  throw invalid(Object.fromEntries(missing.map(({ name, label }) => [name, `${provider} needs the ${label}`])));
}
