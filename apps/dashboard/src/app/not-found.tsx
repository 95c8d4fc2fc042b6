import Link from "next/link";
import { MessagePage } from "@/components/shell/message-page.tsx";
import { Button } from "@/components/ui/button.tsx";

export default function NotFound() {
  return (
    <MessagePage
      title="There is nothing here"
      action={
        <Button asChild>
          <Link href="/">Go to your organisation</Link>
        </Button>
      }
    >
      The URL may be mistyped, or it may belong to an organisation of which you are not a member.
    </MessagePage>
  );
}
