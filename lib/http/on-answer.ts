import { processWide } from "@/lib/process-wide";

const asked = () => processWide<{ work: () => void }>("on-answer", () => ({ work: () => {} }));

/** What Next's mount is to do at each request, while the platform can still be told that something comes after it. */
export const onAnswer = (work: () => void) => Object.assign(asked(), { work });

export const answering = (): void => asked().work();
