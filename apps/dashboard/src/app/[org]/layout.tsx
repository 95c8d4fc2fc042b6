import { getOrganisation } from "@tollgate/control/organisation/get";
import { mayCreateOrganisation } from "@tollgate/control/people/sign-up-policy";
import { notFound, redirect } from "next/navigation";
import type { ReactNode } from "react";
import { MobileBar } from "@/components/shell/mobile-bar.tsx";
import { OrganisationProvider } from "@/components/shell/organisation-provider.tsx";
import { Sidebar } from "@/components/shell/sidebar.tsx";
import { load } from "@/lib/context.ts";
import { services } from "@/lib/services.ts";
import { currentSession } from "@/lib/session.ts";

interface Props {
  params: Promise<{ org: string }>;
  children: ReactNode;
}

export default async function OrganisationLayout({ params, children }: Props) {
  const { org } = await params;
  const session = await currentSession();
  if (!session) redirect(`/sign-in?next=/${encodeURIComponent(org)}`);
  const membership = session.organisations.find(({ slug }) => slug === org);
  if (!membership) notFound();
  const { timeZone, name } = await load(org, (ctx) => getOrganisation(ctx, {}));
  const mayCreate = mayCreateOrganisation(services().signUp, session.user.email);
  const sidebar = { user: session.user, organisation: name, organisations: session.organisations };
  return (
    <OrganisationProvider place={{ slug: org, role: membership.role, timeZone, mayCreate }}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <div className="min-h-dvh md:flex">
        <Sidebar {...sidebar} />
        <MobileBar {...sidebar} />
        <main id="main" className="min-w-0 flex-1">
          {children}
        </main>
      </div>
    </OrganisationProvider>
  );
}
