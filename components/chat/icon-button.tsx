import type { ComponentProps } from "react";
export function IconButton({ label, className, ...props }: ComponentProps<"button"> & { label: string }) {
  return <button type="button" aria-label={label} title={label} className={className} {...props} />;
}
