import type { ReactNode } from "react";

/** Creation of a new row: the text of the button, and its dialog. */
export interface Creation {
  label: string;
  dialog: (onClose: () => void) => ReactNode;
}
