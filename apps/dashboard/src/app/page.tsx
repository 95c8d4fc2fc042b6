import { installationIsEmpty } from "@tollgate/control/people/installation-is-empty";
import { mayCreateOrganisation } from "@tollgate/control/people/sign-up-policy";
import { redirect } from "next/navigation";
import { NoOrganisation } from "@/components/shell/no-organisation.tsx";
import { services } from "@/lib/services.ts";
import { currentSession } from "@/lib/session.ts";

export default async function Root() {
  const session = await currentSession();
  const first = session?.organisations[0];
  if (first) redirect(`/${first.slug}`);
  if (session) {
    const mayCreate = mayCreateOrganisation(services().signUp, session.user.email);
    return <NoOrganisation name={session.user.name} mayCreate={mayCreate} />;
  }
  redirect((await installationIsEmpty(services())) ? "/sign-up" : "/sign-in");
}
