import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { OperationPage } from "@/components/docs/operation-page";
import { type ApiDocument, listOperations } from "@/components/docs/schema";
import { openApiDocument } from "@/lib/gateway/openapi";

type Props = { params: Promise<{ operation: string }> };

async function asked({ params }: Props) {
  const { operation: id } = await params;
  const document = openApiDocument() as ApiDocument;
  const found = listOperations(document).find(({ operation }) => operation.operationId === id);
  return found && { ...found, document };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await asked(props))?.operation.summary ?? "Not found" };
}

export default async function ApiOperationPage(props: Props) {
  const found = await asked(props);
  if (!found) notFound();
  return <OperationPage {...found} />;
}
