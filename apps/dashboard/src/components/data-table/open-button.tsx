import type { ReactNode } from "react";

interface Props {
  /** Named before the content, for screen readers. */
  label: string;
  onOpen: () => void;
  children: ReactNode;
}

/** In the first cell of a row that opens on a click: the same for those without a mouse. */
export const OpenButton = ({ label, onOpen, children }: Props) => (
  <button
    type="button"
    onClick={(event) => {
      event.stopPropagation();
      onOpen();
    }}
    className="rounded text-soft hover:text-ink"
  >
    <span className="sr-only">{label}, </span>
    {children}
  </button>
);
