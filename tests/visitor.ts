import { readFileSync } from "node:fs";
import type { App } from "./app";

type Answer = {
  status: number;
  /** Where an action sends the browser. */
  redirect: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: each action answers in a shape of its own
  result: any;
  headers: Headers;
};

/** A browser as far as cookies go: it calls server actions as React does, and follows nothing by itself. */
export type Visitor = {
  cookies: Map<string, string>;
  action: (name: string, input: unknown, headers?: Record<string, string | null>) => Promise<Answer>;
  page: (path: string, headers?: Record<string, string>) => Promise<Response>;
};

export function visitor({ url }: Pick<App, "url">, agent: Record<string, string> = {}): Visitor {
  const cookies = new Map<string, string>();
  const send = async (target: string, init: RequestInit & { headers: Record<string, string> }) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(new URL(target, url), {
      redirect: "manual",
      ...init,
      headers: { ...agent, ...(cookie && { cookie }), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /max-age=0/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  return {
    cookies,
    page: (path, headers = {}) => send(path, { headers }),
    async action(name, input, headers = {}) {
      const { id, path } = actionNamed(name);
      const all = { origin: url, "next-action": id, "content-type": "text/plain;charset=UTF-8", ...headers };
      const response = await send(path, {
        method: "POST",
        headers: Object.fromEntries(
          Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
        ),
        body: JSON.stringify([input]),
      });
      const text = await response.text();
      // A long text in the answer has a row of its own, without an end of line.
      const result = /\d+:(\{"ok":.*)/.exec(text)?.[1];
      return {
        status: response.status,
        redirect: response.headers.get("x-action-redirect")?.split(";")[0],
        result: result && JSON.parse(result),
        headers: response.headers,
      };
    },
  };
}

type Manifest = { node: Record<string, { exportedName: string; workers: Record<string, unknown> }> };

let manifest: Manifest | undefined;

/** Every server action of the build, by its name. */
export function serverActions(): { id: string; name: string; path: string }[] {
  manifest ??= JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8")) as Manifest;
  return Object.entries(manifest.node).map(([id, { exportedName, workers }]) => ({
    id,
    name: exportedName,
    // A page that is there for everybody, if there is one.
    path: pathOf(Object.keys(workers).find((page) => page.includes("sign-in")) ?? Object.keys(workers)[0] ?? ""),
  }));
}

function actionNamed(name: string) {
  const found = serverActions().find((action) => action.name === name);
  if (!found) throw new Error(`the build has no action ${name}`);
  return found;
}

/** A page of the build that has the action: `app/(auth)/sign-in/page` is `/sign-in`. */
const pathOf = (page: string) =>
  page
    .replace(/^app/, "")
    .replace(/\/page$/, "")
    .replace(/\/\([^)]+\)/g, "") || "/";
