import { cron } from "@/lib/gateway/cron";

export const dynamic = "force-dynamic";
export const maxDuration = 300;

/** What is to be done again and again, for platforms that keep no process alive between requests. */
export const GET = cron;
