import type { ReactNode } from "react";
import { Logo } from "@/components/logo";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main id="content" className="mx-auto grid min-h-dvh w-full max-w-sm content-center gap-6 px-4 py-10">
      <Logo />
      {children}
    </main>
  );
}
