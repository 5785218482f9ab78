import { FileTextIcon, XIcon } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { Attachment } from "./chat";
import { isInlinePicture } from "./safe-url";

type Props = { attachments: Attachment[]; onRemove?: (id: string) => void; className?: string };

export function AttachmentList({ attachments, onRemove, className }: Props) {
  if (attachments.length === 0) return null;
  return (
    <ul className={cn("flex flex-wrap gap-2", className)} aria-label="Attached files">
      {attachments.map(({ id, kind, name, url, bytes }) => (
        <li key={id} className="relative flex h-14 items-center gap-2 rounded-md border bg-background pr-2.5 text-xs">
          {kind === "image" && isInlinePicture(url) ? (
            // biome-ignore lint/performance/noImgElement: the picture is in the address; there is nothing to optimise
            <img src={url} alt={name} className="h-full w-14 rounded-l-md object-cover" />
          ) : (
            <FileTextIcon className="ml-2.5 size-5 text-muted-foreground" aria-hidden="true" />
          )}
          <span className="grid max-w-36">
            <span className="truncate">{name}</span>
            <span className="text-muted-foreground">{size(bytes)}</span>
          </span>
          {onRemove && (
            <button
              type="button"
              aria-label={`Remove ${name}`}
              onClick={() => onRemove(id)}
              className="cursor-pointer rounded-sm p-1 text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
            >
              <XIcon className="size-4" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

const size = (bytes: number) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
