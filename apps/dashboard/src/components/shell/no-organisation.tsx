"use client";

import { signOut } from "next-auth/react";
import { useState } from "react";
import { CreateOrganisationDialog } from "@/components/shell/create-organisation-dialog.tsx";
import { MessagePage } from "@/components/shell/message-page.tsx";
import { Button } from "@/components/ui/button.tsx";

/** For a signed-in person who is not, or no longer, a member of any organisation. */
export function NoOrganisation({ name, mayCreate }: { name: string; mayCreate: boolean }) {
  const [creating, setCreating] = useState(false);
  return (
    <main>
      <MessagePage
        title="You belong to no organisation"
        action={
          <>
            <Button onClick={() => void signOut({ callbackUrl: "/sign-in" })}>Sign out</Button>
            {mayCreate ? (
              <Button look="primary" onClick={() => setCreating(true)}>
                Create organisation
              </Button>
            ) : null}
          </>
        }
      >
        {name}, ask an admin to add you to theirs{mayCreate ? ", or create one of your own" : ""}.
      </MessagePage>
      {creating ? <CreateOrganisationDialog onClose={() => setCreating(false)} /> : null}
    </main>
  );
}
