import { ERRORS, type ErrorCode } from "@tollgate/contracts/errors";
import type { Metadata } from "next";
import { Logo } from "@/components/shell/logo.tsx";
import { Card } from "@/components/ui/card.tsx";
import { ERROR_GUIDE } from "./error-guide.ts";

export const metadata: Metadata = { title: "Errors" };

const CODES = (Object.keys(ERRORS) as ErrorCode[]).toSorted((a, b) => ERRORS[a].status - ERRORS[b].status);

/** The page that the `docs_url` of every error links to. It is public: the holder of a key may have no account. */
export default function ErrorsPage() {
  return (
    <main className="mx-auto max-w-3xl px-4 py-12">
      <div className="mb-8 flex items-center gap-2">
        <Logo className="size-7" />
        <span className="font-semibold text-lg tracking-tight">Tollgate</span>
      </div>
      <h1 className="font-semibold text-xl tracking-tight">Errors</h1>
      <p className="mt-1 mb-6 text-soft text-sm">
        Every refusal carries one of these codes, and a request id to look it up by on the Requests page.
      </p>
      <Card className="divide-y divide-line">
        {CODES.map((code) => (
          <section key={code} id={code} className="scroll-mt-4 px-4 py-3 target:bg-sunken">
            <h2 className="flex flex-wrap items-baseline gap-x-3 text-sm">
              <a href={`#${code}`} className="break-all font-medium font-mono hover:underline">
                {code}
              </a>
              <span className="text-soft text-xs tabular-nums">
                {ERRORS[code].status}
                {ERRORS[code].retry ? " · worth a retry" : ""}
              </span>
            </h2>
            <p className="mt-1 text-soft text-sm">{ERROR_GUIDE[code]}</p>
          </section>
        ))}
      </Card>
    </main>
  );
}
