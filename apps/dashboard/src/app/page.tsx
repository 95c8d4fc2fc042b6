import { houseIsEmpty } from "@tollgate/control/people/house-is-empty";
import { redirect } from "next/navigation";
import { services } from "@/lib/services.ts";
import { currentSession } from "@/lib/session.ts";

export default async function Root() {
  const session = await currentSession();
  const first = session?.organisations[0];
  if (first) redirect(`/${first.slug}`);
  redirect((await houseIsEmpty(services())) ? "/sign-up" : "/sign-in");
}
