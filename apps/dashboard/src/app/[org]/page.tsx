import { notFound, redirect } from "next/navigation";
import { homeOf } from "@/lib/navigation.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { currentSession } from "@/lib/session.ts";

export default async function OrganisationHome({ params }: OrgPage) {
  const { org } = await params;
  const membership = (await currentSession())?.organisations.find(({ slug }) => slug === org);
  if (!membership) notFound();
  redirect(`/${org}/${homeOf(membership.role)}`);
}
