import Link from "next/link";
import { NewButton } from "@/components/new-button.tsx";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  slug: string;
  /** A model points to a provider: without one there is nothing to point to. */
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
