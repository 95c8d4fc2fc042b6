"use client";

import { Download } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { toCsv } from "@/lib/csv.ts";

interface Props {
  keys: readonly { name: string; publicId: string; secret: string }[];
  onClose: () => void;
}

const csvOf = (keys: Props["keys"]): string =>
  toCsv([["name", "publicId", "secret"], ...keys.map(({ name, publicId, secret }) => [name, publicId, secret])]);

/** The secrets of new keys, the only time that they can be seen. */
export function NewSecretsDialog({ keys, onClose }: Props) {
  const csv = csvOf(keys);
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [csv]);
  return (
    <Dialog open wide onOpenChange={onClose} title={`${keys.length} ${keys.length === 1 ? "key" : "keys"} created`}>
      <DialogBody>
        <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          Copy or download the secrets now. They are shown only once.
        </p>
        <output
          aria-label="Virtual keys"
          className="max-h-64 overflow-auto whitespace-pre rounded-md border border-line-strong bg-sunken px-2.5 py-1.5 font-mono text-xs"
        >
          {csv.slice(0, 20_000)}
        </output>
        <div className="flex flex-wrap gap-2">
          <CopyButton text={csv} label="Copy all" face />
          {url ? (
            <Button asChild>
              <a href={url} download="keys.csv">
                <Download aria-hidden />
                Download CSV
              </a>
            </Button>
          ) : null}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
