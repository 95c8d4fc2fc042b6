import Link from "next/link";
import { MessagePage } from "@/components/shell/message-page.tsx";
import { Button } from "@/components/ui/button.tsx";

export default function Forbidden() {
  return (
    <MessagePage
      title="Your role does not open this page"
      action={
        <Button asChild>
          <Link href="/">Go back</Link>
        </Button>
      }
    >
      Ask an owner or admin of this organisation if you need it.
    </MessagePage>
  );
}
