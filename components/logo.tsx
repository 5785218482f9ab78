import Link from "next/link";

export function Logo({ href = "/" }: { href?: string }) {
  return (
    <Link href={href} className="flex items-center gap-2.5 rounded-sm text-sm font-semibold tracking-tight">
      <LogoMark />
      <span className="whitespace-nowrap">
        OpenRouter<span className="font-normal text-muted-foreground max-sm:sr-only">, self-hosted</span>
      </span>
    </Link>
  );
}

/** One line in, three ways out. */
function LogoMark() {
  return (
    <svg viewBox="0 0 20 20" className="size-5 shrink-0" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M1.5 10H7C10.5 10 10.5 3.5 14 3.5H15M7 10H15M7 10C10.5 10 10.5 16.5 14 16.5H15" strokeWidth="1.6" />
      <g fill="var(--brand)" stroke="none">
        <circle cx="17" cy="3.5" r="2" />
        <circle cx="17" cy="10" r="2" />
        <circle cx="17" cy="16.5" r="2" />
      </g>
    </svg>
  );
}
