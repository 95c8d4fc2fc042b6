"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { MessagePage } from "@/components/shell/message-page.tsx";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: Props) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const again = () =>
    start(() => {
      router.refresh();
      reset();
    });
  return (
    <MessagePage
      title="This page could not be loaded"
      action={
        <Button pending={pending} onClick={again}>
          Try again
        </Button>
      }
    >
      An internal error occurred. Calls through the proxy are not affected.
      {error.digest ? <span className="block font-mono text-faint text-xs">Reference {error.digest}</span> : null}
    </MessagePage>
  );
}
