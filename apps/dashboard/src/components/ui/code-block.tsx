import { CopyButton } from "@/components/ui/copy-button.tsx";

interface Props {
  code: string;
  /** Label of the copy button. */
  copyLabel: string;
}

export const CodeBlock = ({ code, copyLabel }: Props) => (
  <div className="relative">
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable element must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line bg-sunken p-3 pr-12 font-mono text-xs leading-5"
    >
      {code}
    </pre>
    <CopyButton text={code} label={copyLabel} className="absolute top-1.5 right-1.5 bg-sunken" />
  </div>
);
