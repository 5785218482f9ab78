import type { LucideIcon } from "lucide-react";
import { Button } from "@/components/ui/button";

/** What can be done with a message: a quiet row of signs, each with its name. */
export function MessageAction({
  label,
  icon: Icon,
  onClick,
}: {
  label: string;
  icon: LucideIcon;
  onClick: () => void;
}) {
  return (
    <Button
      type="button"
      variant="ghost"
      size="icon-sm"
      className="size-7 text-muted-foreground"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon />
    </Button>
  );
}
