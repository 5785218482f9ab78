import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ChapterText } from "@/components/docs/chapter-text";
import { publicOrigin } from "../../origin";
import { findChapter } from "../chapters";

export const dynamic = "force-dynamic";

type Props = { params: Promise<{ chapter: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const chapter = await findChapter((await params).chapter);
  return { title: chapter?.title ?? "Not found", description: chapter?.opening };
}

export default async function ChapterPage({ params }: Props) {
  const chapter = await findChapter((await params).chapter);
  if (!chapter) notFound();
  return <ChapterText markdown={chapter.markdown} origin={await publicOrigin()} />;
}
