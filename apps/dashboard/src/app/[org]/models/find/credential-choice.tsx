"use client";

import { useParams, useRouter } from "next/navigation";
import { PickField } from "@/components/pick/pick-field.tsx";

/** The credential whose models are shown. It is in the URL. */
export function CredentialChoice({ chosen }: { chosen: { id: string; name: string } }) {
  const { org } = useParams<{ org: string }>();
  const router = useRouter();
  return (
    <PickField
      className="max-w-72"
      label="Provider"
      of="credential"
      value={chosen.id}
      chosen={{ value: chosen.id, label: chosen.name }}
      onChange={(id) => router.push(`/${org}/models/find?credential=${id}`)}
    />
  );
}
