import { houseIsEmpty } from "@tollgate/control/people/house-is-empty";
import { redirect } from "next/navigation";
import { NoOrganisation } from "@/components/shell/no-organisation.tsx";
import { services } from "@/lib/services.ts";
import { currentSession } from "@/lib/session.ts";

export default async function Root() {
  const session = await currentSession();
  const first = session?.organisations[0];
  if (first) redirect(`/${first.slug}`);
  if (session) return <NoOrganisation name={session.user.name} />;
  redirect((await houseIsEmpty(services())) ? "/sign-up" : "/sign-in");
}
