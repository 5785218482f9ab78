import type { ReactNode } from "react";
import { cn } from "./cn";

/** What a list shows while it has nothing to show: what would be here, and how to bring it about. */
export function Empty({
  icon,
  title,
  children,
  action,
  className,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div
      data-slot="empty"
      className={cn(
        "flex flex-col items-center gap-2 rounded-lg border border-dashed px-6 py-12 text-center [&>svg]:size-5 [&>svg]:text-muted-foreground",
        className,
      )}
    >
      {icon}
      <p className="text-sm font-medium">{title}</p>
      {children && <div className="max-w-md text-sm text-pretty text-muted-foreground">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
