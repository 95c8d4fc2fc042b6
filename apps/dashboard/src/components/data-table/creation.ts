import type { ReactNode } from "react";

/** How a new row is made: the text of the button, and the dialog it opens. */
export interface Creation {
  label: string;
  dialog: (onClose: () => void) => ReactNode;
}
