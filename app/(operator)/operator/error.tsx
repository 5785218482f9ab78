"use client";

import { type Failed, Failure } from "@/components/dead-end";

export default function OperatorErrorPage(failed: Failed) {
  return <Failure {...failed} home="/overview" />;
}
