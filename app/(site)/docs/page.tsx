import Link from "next/link";
import { PageHeader } from "@/components/page-header";
import { listChapters } from "./chapters";

export const metadata = { title: "Documentation", description: "How to use this server, and how to run one." };
export const dynamic = "force-dynamic";

export default async function DocsPage() {
  return (
    <div className="max-w-3xl py-8">
      <PageHeader title="Documentation" description="How to use this server, and how to run one." />
      {(await listChapters()).map(({ title, chapters }) => (
        <section key={title} aria-label={title} className="mt-8">
          <h2 className="mb-2 font-medium">{title}</h2>
          <ul className="divide-y rounded-lg border">
            {chapters.map(({ href, title: name, opening }) => (
              <li key={href}>
                <Link href={href} prefetch={false} className="grid gap-0.5 px-4 py-3 hover:bg-secondary">
                  <span className="text-sm font-medium">{name}</span>
                  <span className="text-[13px] text-pretty text-muted-foreground">{opening}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
