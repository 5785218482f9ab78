"use client";

import { type Failed, Failure } from "@/components/dead-end";

export default function ErrorPage(failed: Failed) {
  return (
    <main>
      <Failure {...failed} home="/" />
    </main>
  );
}
