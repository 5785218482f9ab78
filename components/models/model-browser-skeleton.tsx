import { Skeleton } from "../ui/skeleton";

export function ModelBrowserSkeleton() {
  return (
    <div role="status" aria-label="Loading the models" className="lg:grid lg:grid-cols-[13rem_minmax(0,1fr)] lg:gap-10">
      <Skeleton className="hidden h-96 lg:block" />
      <div className="grid content-start gap-3">
        <Skeleton className="h-9" />
        <Skeleton className="h-4 w-24" />
        <Skeleton className="h-[32rem]" />
      </div>
    </div>
  );
}
