import type { ReactNode } from "react";
import { DocsNav } from "@/components/docs/docs-nav";
import { listChapters } from "./chapters";

export default async function DocsLayout({ children }: { children: ReactNode }) {
  return (
    <div className="lg:grid lg:grid-cols-[13rem_minmax(0,1fr)] lg:gap-12">
      <DocsNav groups={await listChapters()} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
