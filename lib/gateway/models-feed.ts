import { env } from "@/lib/env";
import type { ApiRequest } from "@/lib/http/api-handler";
import type { Listed } from "@/lib/models/model-object";

/** The models as RSS 2.0, in the order they are in. */
export function modelsFeed(listed: readonly Listed[], { header }: ApiRequest, toChat: boolean) {
  const origin = env().APP_URL ?? `http://${header("host") ?? "localhost"}`;
  const items = listed.map(({ model }) => {
    const link = toChat ? `${origin}/chat?model=${encodeURIComponent(model.slug)}` : `${origin}/models/${model.slug}`;
    return [
      `<item><title>${escaped(model.name)}</title><link>${escaped(link)}</link>`,
      `<guid isPermaLink="false">${escaped(model.slug)}</guid><description>${escaped(model.description)}</description>`,
      model.releasedAt ? `<pubDate>${model.releasedAt.toUTCString()}</pubDate></item>` : "</item>",
    ].join("");
  });
  return {
    status: 200,
    headers: { "content-type": "application/rss+xml; charset=utf-8", "x-content-type-options": "nosniff" },
    body: `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Models</title><link>${escaped(origin)}/models</link><description>What this server can call</description>${items.join("")}</channel></rss>`,
  };
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);
