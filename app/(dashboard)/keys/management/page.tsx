import { KeysOfKind } from "../keys-of-kind";

export const metadata = { title: "Management keys" };

export default async function ManagementKeysPage({ searchParams }: { searchParams: Promise<{ page?: string }> }) {
  const { page } = await searchParams;
  return <KeysOfKind kind="management" page={page} path="/keys/management" />;
}
