"use client";

import { type Failed, Failure } from "@/components/dead-end";

/** Within the frame, so that the rest of the account stays within reach. */
export default function DashboardErrorPage(failed: Failed) {
  return <Failure {...failed} home="/overview" />;
}
