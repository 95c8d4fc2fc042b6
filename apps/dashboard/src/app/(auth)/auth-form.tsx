import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { FormError } from "@/components/ui/form-error.tsx";

interface Props {
  submit: string;
  pending: boolean;
  message: string | undefined;
  onSubmit: () => void;
  children: ReactNode;
}

/** The fields and the button of a form for people without a session. */
export const AuthForm = ({ submit, pending, message, onSubmit, children }: Props) => (
  <form
    className="mt-4 grid gap-4"
    onSubmit={(event) => {
      event.preventDefault();
      onSubmit();
    }}
  >
    {children}
    <FormError message={message} />
    <Button type="submit" look="primary" pending={pending} className="w-full">
      {submit}
    </Button>
  </form>
);
