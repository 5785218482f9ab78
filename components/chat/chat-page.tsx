"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { Empty } from "@/components/ui/empty";
import { Sheet, SheetContent, SheetDescription, SheetTitle } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { askApi } from "./ask";
import { mostAttachedBytes } from "./attach";
import { type Answer, newColumn, titleOf } from "./chat";
import { chatDatabase } from "./chat-database";
import { chatKey, type MintAnswer } from "./chat-key";
import { ChatLibrary } from "./chat-library";
import { type ChatModel, nameOf } from "./chat-model";
import { explainFailure } from "./failure";
import { lastModels, rememberModels } from "./last-models";
import { OpenChat } from "./open-chat";
import { SettingsSheet } from "./settings-sheet";
import { ShortcutsDialog } from "./shortcuts-dialog";
import { Toolbar } from "./toolbar";
import { useChats } from "./use-chats";
import { useShortcuts } from "./use-shortcuts";

type Props = {
  accountId: string;
  models: ChatModel[];
  /** Makes a key for this sign-in, with which the page asks the API. */
  mintKey: () => Promise<MintAnswer>;
  /** The largest body that the API takes. */
  mostBodyBytes: number;
};

export function ChatPage({ accountId, models, mintKey, mostBodyBytes }: Props) {
  const [database] = useState(() => chatDatabase(accountId));
  const [ask] = useState(() => askApi(chatKey(mintKey)));
  const [announcement, setAnnouncement] = useState("");
  const [panel, setPanel] = useState<"chats" | "settings" | "shortcuts" | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);

  const firstModels = useCallback(() => servedOf(lastModels(), models), [models]);
  const onAnswered = useCallback((answer: Answer) => setAnnouncement(toWords(answer, models)), [models]);
  const chats = useChats({ database, ask, firstModels, onAnswered });
  const { session, chat } = chats;

  const asked = chat.columns.map(({ model }) => model).join();
  useEffect(() => {
    if (asked) rememberModels(asked.split(","));
  }, [asked]);

  const startNew = () => {
    chats.startNew(servedOf(asked.split(","), models));
    setPanel(null);
    requestAnimationFrame(() => field.current?.focus());
  };
  const addColumn = (model: string) => {
    // It goes on from where the others are.
    const messages = chat.columns.at(-1)?.messages.filter((message) => !isUnderWay(message)) ?? [];
    session.change({ type: "add-column", column: { ...newColumn(model), messages } });
  };
  useShortcuts({
    newChat: startNew,
    settings: () => setPanel("settings"),
    help: () => setPanel("shortcuts"),
    focusField: () => field.current?.focus(),
    stop: () => session.stop(),
  });

  if (models.length === 0)
    return (
      <Empty title="No model can be asked yet">
        No provider has a key. Once the operator has set one, its models are here.
      </Empty>
    );
  return (
    <div data-full-page className="flex h-[calc(100dvh-3.5rem)] min-h-96">
      <aside aria-label="Your chats" className="hidden w-60 shrink-0 border-r xl:block">
        <ChatLibrary chats={chats} database={database} onNew={startNew} />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <Toolbar
          title={titleOf(chat)}
          models={models}
          columns={chat.columns.length}
          onAddColumn={addColumn}
          onChats={() => setPanel("chats")}
          onNew={startNew}
          onSettings={() => setPanel("settings")}
          onShortcuts={() => setPanel("shortcuts")}
        />
        {chat.columns.length === 0 ? (
          <Skeleton className="m-4 flex-1" />
        ) : (
          <OpenChat
            session={session}
            chat={chat}
            models={models}
            mostBytes={mostAttachedBytes(mostBodyBytes)}
            field={field}
            onSettings={() => setPanel("settings")}
          />
        )}
      </div>
      <p aria-live="polite" className="sr-only">
        {announcement}
      </p>
      <Sheet open={panel === "chats"} onOpenChange={(open) => setPanel(open ? "chats" : null)}>
        <SheetContent side="left" className="gap-0 pt-9">
          <SheetTitle className="sr-only">Chats</SheetTitle>
          <SheetDescription className="sr-only">The chats that this browser keeps</SheetDescription>
          <ChatLibrary chats={chats} database={database} onNew={startNew} onOpen={() => setPanel(null)} />
        </SheetContent>
      </Sheet>
      <SettingsSheet
        session={session}
        chat={chat}
        models={models}
        open={panel === "settings"}
        onOpenChange={(open) => setPanel(open ? "settings" : null)}
      />
      <ShortcutsDialog open={panel === "shortcuts"} onOpenChange={(open) => setPanel(open ? "shortcuts" : null)} />
    </div>
  );
}

const isUnderWay = (message: object) => "status" in message && message.status === "streaming";

/** Those of the models that can be asked now, or else the cheapest there is. */
function servedOf(slugs: string[], models: ChatModel[]): string[] {
  const served = slugs.filter((slug) => models.some((model) => model.slug === slug));
  if (served.length > 0) return served;
  const cheapest = models.reduce<ChatModel | undefined>(
    (best, model) => (best && best.prompt <= model.prompt ? best : model),
    undefined,
  );
  return cheapest ? [cheapest.slug] : [];
}

const SPOKEN_LETTERS = 400;

/** For those who hear the page: an answer once it is there, rather than word by word. */
function toWords(answer: Answer, models: ChatModel[]): string {
  const name = nameOf(models, answer.model);
  if (answer.failure) return `${name}: ${explainFailure(answer.failure).text}`;
  if (answer.toolCalls.length > 0) return `${name} calls ${answer.toolCalls.map((call) => call.name).join(", ")}.`;
  return `${name} ${answer.status === "stopped" ? "was stopped" : "answered"}: ${answer.text.slice(0, SPOKEN_LETTERS)}`;
}
