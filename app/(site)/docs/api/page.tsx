import { ApiReference } from "@/components/docs/api-reference";
import type { ApiDocument } from "@/components/docs/schema";
import { openApiDocument } from "@/lib/gateway/openapi";
import { publicOrigin } from "../../origin";

export const metadata = { title: "API reference", description: "Every endpoint of this server's API, with examples." };
export const dynamic = "force-dynamic";

export default async function ApiReferencePage() {
  return <ApiReference document={openApiDocument() as ApiDocument} base={`${await publicOrigin()}/api/v1`} />;
}
