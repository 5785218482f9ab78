import { db } from "@/db/client";
import { findPersonalData, walkGenerations } from "@/db/queries/account-export";
import { walkLedger } from "@/db/queries/ledger";
import { listPromptLogIds } from "@/db/queries/prompt-logs";
import { record } from "@/lib/auth/record";
import { currentUser } from "@/lib/auth/session";
import { promptLogDays, readPrompt } from "@/lib/gateway/prompt-log";
import { formatUsd } from "@/lib/money";
import { fileReply, signInFirst } from "../../file-reply";

export const dynamic = "force-dynamic";

/** Everything that is kept of whoever is signed in, as JSON; no key is in it. */
export async function GET() {
  const user = await currentUser();
  if (!user) return signInFirst();
  await record(user.userId, "user.export");
  return fileReply("account.json", "application/json", pieces(user));
}

async function* pieces(user: { accountId: string; userId: string }) {
  yield `{\n"exported_at": ${JSON.stringify(new Date())}`;
  for (const [name, rows] of Object.entries(await findPersonalData(db(), user)))
    yield `,\n${JSON.stringify(toSnake(name))}: ${JSON.stringify(rows.map(toPlain))}`;
  yield* list("ledger", walkLedger(db(), user.accountId, {}));
  yield* list("generations", walkGenerations(db(), user.accountId));
  yield* list("prompts", walkPrompts(user.accountId));
  yield "\n}\n";
}

async function* walkPrompts(accountId: string) {
  for (const generation of await listPromptLogIds(db(), accountId, promptLogDays())) {
    const kept = await readPrompt(accountId, generation);
    if (kept && kept !== "unreadable") yield [{ generation, ...kept }];
  }
}

async function* list(name: string, batches: AsyncGenerator<object[]>) {
  yield `,\n${JSON.stringify(name)}: [`;
  let first = true;
  for await (const rows of batches)
    for (const row of rows) {
      yield `${first ? "" : ","}\n${JSON.stringify(toPlain(row))}`;
      first = false;
    }
  yield "\n]";
}

/** Names as the API has them; amounts in US dollars, exact. */
const toPlain = (row: object): object =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => name !== "accountId")
      .map(([name, value]) =>
        name.endsWith("Nano")
          ? [`${toSnake(name.slice(0, -4))}_usd`, value === null ? null : formatUsd(value)]
          : [toSnake(name), typeof value === "bigint" ? value.toString() : value],
      ),
  );

const toSnake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
