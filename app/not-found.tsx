import { NothingHere } from "@/components/dead-end";

export const metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <main>
      <NothingHere home="/" />
    </main>
  );
}
