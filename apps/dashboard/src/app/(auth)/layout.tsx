import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo.tsx";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-sunken px-4 py-12">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-2">
          <Logo className="size-7" />
          <span className="font-semibold text-lg tracking-tight">Tollgate</span>
        </div>
        <div className="rounded-xl border border-line bg-raised p-6 shadow-card">{children}</div>
        <p className="mt-4 text-balance text-center text-faint text-xs">
          One controlled gate for your organisation's AI traffic.
        </p>
      </div>
    </main>
  );
}
