import { NothingHere } from "@/components/dead-end";

export const metadata = { title: "Not found" };

export default function DashboardNotFoundPage() {
  return <NothingHere home="/overview" />;
}
