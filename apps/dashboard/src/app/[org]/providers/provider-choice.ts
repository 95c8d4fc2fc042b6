import type { Provider } from "@tollgate/control/catalogue/schemas";
import type { z } from "zod";

export type ProviderChoice = z.infer<typeof Provider>;

export const providerName = (providers: readonly ProviderChoice[], id: string): string =>
  providers.find((provider) => provider.id === id)?.name ?? id;
