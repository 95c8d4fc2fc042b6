"use client";

import { signOut } from "next-auth/react";
import { useState } from "react";
import { CreateOrganisationDialog } from "@/components/shell/create-organisation-dialog.tsx";
import { MessagePage } from "@/components/shell/message-page.tsx";
import { Button } from "@/components/ui/button.tsx";

/** For somebody signed in whom no organisation knows (any more). */
export function NoOrganisation({ name }: { name: string }) {
  const [creating, setCreating] = useState(false);
  return (
    <main>
      <MessagePage
        title="You belong to no organisation"
        action={
          <>
            <Button onClick={() => void signOut({ callbackUrl: "/sign-in" })}>Sign out</Button>
            <Button look="primary" onClick={() => setCreating(true)}>
              Create organisation
            </Button>
          </>
        }
      >
        {name}, ask an admin to add you to theirs, or create one of your own.
      </MessagePage>
      <CreateOrganisationDialog open={creating} onOpenChange={setCreating} />
    </main>
  );
}
