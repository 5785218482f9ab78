import Link from "next/link";
import type { ReactNode } from "react";
import { Card, CardContent, CardDescription, CardHeader } from "@/components/ui/card";

/** One thing to do, with its title as the page's. */
export function AuthCard({
  title,
  description,
  children,
}: {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Card>
      <CardHeader>
        <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
        {description && <CardDescription>{description}</CardDescription>}
      </CardHeader>
      <CardContent className="grid gap-4">{children}</CardContent>
    </Card>
  );
}

export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="font-medium text-brand underline-offset-4 hover:underline">
      {children}
    </Link>
  );
}

/** For a link that has been used, or is too old. */
export function DeadLink({ href, again }: { href: string; again: string }) {
  return (
    <AuthCard title="This link is no longer valid" description="It was used already, or too much time has passed.">
      <p className="text-sm">
        <TextLink href={href}>{again}</TextLink>
      </p>
    </AuthCard>
  );
}
