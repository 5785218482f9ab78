import { KeysOfKind } from "./keys-of-kind";

export const metadata = { title: "Keys" };

export default async function KeysPage({ searchParams }: { searchParams: Promise<{ page?: string }> }) {
  const { page } = await searchParams;
  return <KeysOfKind kind="inference" page={page} path="/keys" />;
}
