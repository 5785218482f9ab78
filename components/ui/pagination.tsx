import { ChevronLeftIcon, ChevronRightIcon } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonVariants } from "./button";
import { cn } from "./cn";

/** Older and newer, by address: a list that is read by cursor has no page numbers. An absent address is an end. */
export function Pagination({
  newer,
  older,
  children,
}: {
  newer?: string;
  older?: string;
  /** What is shown of how much, e.g. "1 to 50". */
  children?: ReactNode;
}) {
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-3">
      <div className="text-[13px] text-muted-foreground tabular-nums">{children}</div>
      <div className="flex gap-2">
        <PageLink href={newer}>
          <ChevronLeftIcon /> Newer
        </PageLink>
        <PageLink href={older}>
          Older <ChevronRightIcon />
        </PageLink>
      </div>
    </nav>
  );
}

function PageLink({ href, children }: { href?: string; children: ReactNode }) {
  const className = cn(buttonVariants({ variant: "outline", size: "sm" }));
  if (href)
    return (
      <Link href={href} className={className}>
        {children}
      </Link>
    );
  return (
    <span aria-disabled="true" className={className}>
      {children}
    </span>
  );
}
