import Link from "next/link";
import { NewButton } from "@/components/new-button.tsx";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  slug: string;
  /** A model needs a provider. Without one, the button leads to Providers. */
  hasProvider: boolean;
}

export const AddModelButton = ({ slug, hasProvider }: Props) =>
  hasProvider ? (
    <NewButton label="Add model" />
  ) : (
    <Button asChild>
      <Link href={`/${slug}/providers?new=true`}>Add a provider first</Link>
    </Button>
  );
