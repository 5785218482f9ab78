import type { NextRequest } from "next/server";
import { handlers } from "@/lib/auth/next-auth";
import { externalProviders } from "@/lib/auth/providers";

/** Where providers send people back to. Nothing else of NextAuth's addresses is open: the rest goes by server actions. */
export async function GET(request: NextRequest, { params }: { params: Promise<{ provider: string }> }) {
  const { provider } = await params;
  if (!externalProviders().some(({ id }) => id === provider)) return new Response(null, { status: 404 });
  return handlers.GET(request);
}
