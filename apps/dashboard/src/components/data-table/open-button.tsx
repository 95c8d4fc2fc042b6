import type { ReactNode } from "react";

interface Props {
  /** Text before the content, for screen readers. */
  label: string;
  onOpen: () => void;
  children: ReactNode;
}

/** The button in the first cell of a clickable row, for people without a mouse. */
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
