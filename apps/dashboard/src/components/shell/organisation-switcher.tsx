"use client";

import { Check, ChevronsUpDown, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { CreateOrganisationDialog } from "@/components/shell/create-organisation-dialog.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from "@/components/ui/menu.tsx";

interface Props {
  name: string;
  organisations: readonly { slug: string; name: string }[];
}

const Initial = ({ name }: { name: string }) => (
  <span
    aria-hidden
    className="flex size-5 shrink-0 items-center justify-center rounded bg-ink font-semibold text-canvas text-xs"
  >
    {name.slice(0, 1).toUpperCase()}
  </span>
);

export function OrganisationSwitcher({ name, organisations }: Props) {
  const { slug, mayCreate } = useOrganisation();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <Menu>
        <MenuTrigger className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-2 text-left hover:bg-hover">
          <Initial name={name} />
          <span className="sr-only">Organisation: </span>
          <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-faint" aria-hidden />
        </MenuTrigger>
        <MenuContent align="start" className="w-56">
          <MenuLabel>Organisations</MenuLabel>
          {organisations.map((organisation) => (
            <MenuItem key={organisation.slug} asChild>
              <Link href={`/${organisation.slug}`}>
                <Initial name={organisation.name} />
                <span className="min-w-0 flex-1 truncate">{organisation.name}</span>
                {organisation.slug === slug ? <Check aria-label="current" /> : null}
              </Link>
            </MenuItem>
          ))}
          {mayCreate ? (
            <>
              <MenuSeparator />
              <MenuItem onSelect={() => setCreating(true)}>
                <Plus aria-hidden />
                Create organisation
              </MenuItem>
            </>
          ) : null}
        </MenuContent>
      </Menu>
      {creating ? <CreateOrganisationDialog onClose={() => setCreating(false)} /> : null}
    </>
  );
}
