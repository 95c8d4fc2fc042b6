import type { Provider } from "@tollgate/control/catalogue/schemas";
import type { z } from "zod";

export type ProviderChoice = z.infer<typeof Provider>;
export type SchemeChoice = ProviderChoice["schemes"][number];
export type FieldName = SchemeChoice["fields"][number]["name"];
export type FieldTexts = Partial<Record<FieldName, string>>;

export const providerName = (providers: readonly ProviderChoice[], id: string): string =>
  providers.find((provider) => provider.id === id)?.name ?? id;

/** The scheme with this id, or else the first. */
export const schemeChoice = (schemes: readonly SchemeChoice[], id: string): SchemeChoice | undefined =>
  schemes.find((scheme) => scheme.id === id) ?? schemes[0];

/** An empty text for each field of these schemes. */
export const emptyFields = (schemes: readonly SchemeChoice[]): Record<FieldName, string> =>
  Object.fromEntries(schemes.flatMap(({ fields }) => fields.map(({ name }) => [name, ""]))) as Record<
    FieldName,
    string
  >;

/** The default base URL as far as the settings for it are entered. */
export const baseUrlWith = (baseUrl: string, form: FieldTexts): string =>
  baseUrl.replace(/\{(\w+)\}/g, (place, name: FieldName) => form[name] || place);
