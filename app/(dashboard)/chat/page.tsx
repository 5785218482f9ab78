import type { Metadata } from "next";
import { ChatPage } from "@/components/chat/chat-page";
import { requireUser } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { mostBodyBytes } from "@/lib/http/body-limits";
import { currentCatalogue } from "@/lib/models/catalogue";
import { servedModels } from "@/lib/models/served-models";
import { mintChatKey } from "./actions";
import { toChatModel } from "./chat-model";

export const metadata: Metadata = { title: "Chat" };

export default async function Page() {
  const { accountId } = await requireUser();
  return (
    <ChatPage
      accountId={accountId}
      models={servedModels(await currentCatalogue()).map(toChatModel)}
      mintKey={mintChatKey.bind(null, {})}
      mostBodyBytes={mostBodyBytes(env())}
    />
  );
}
