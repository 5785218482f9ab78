import { NothingHere } from "@/components/dead-end";

export const metadata = { title: "Not found" };

export default function OperatorNotFoundPage() {
  return <NothingHere home="/overview" />;
}
