import type { ReactNode } from "react";
import { LinkTabs } from "@/components/link-tabs";
import { operatorPages } from "@/components/navigation";
import { requireOperator } from "@/lib/auth/session";
import { Frame } from "../frame";

/**
 * Nothing is sent before it is known that an operator asks, so that to others these pages are not there, by their status
 * too. It guards nothing: each page takes its own proof to what it reads.
 */
export default async function OperatorLayout({ children }: { children: ReactNode }) {
  await requireOperator();
  return (
    <Frame>
      <LinkTabs label="Operator" tabs={operatorPages.map(({ href, label }) => ({ href, label }))} />
      {children}
    </Frame>
  );
}
