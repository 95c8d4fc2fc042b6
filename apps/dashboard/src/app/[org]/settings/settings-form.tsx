"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { FormError } from "@/components/ui/form-error.tsx";

interface Props {
  title: string;
  description: string;
  pending: boolean;
  message: string | undefined;
  onSubmit: () => void;
  children: ReactNode;
}

/** A card with a form that is saved separately. */
export const SettingsForm = ({ title, description, pending, message, onSubmit, children }: Props) => (
  <Card aria-label={title}>
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div className="grid gap-4 p-4">
        <div>
          <h2 className="font-medium text-base">{title}</h2>
          <p className="text-soft">{description}</p>
        </div>
        {children}
        <FormError message={message} />
      </div>
      <div className="flex justify-end border-line border-t bg-sunken px-4 py-2.5">
        <Button type="submit" look="primary" pending={pending}>
          Save
        </Button>
      </div>
    </form>
  </Card>
);
