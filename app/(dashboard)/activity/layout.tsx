import type { ReactNode } from "react";
import { LinkTabs } from "@/components/link-tabs";

const tabs = [
  { href: "/activity", label: "Activity" },
  { href: "/activity/logs", label: "Logs" },
  { href: "/activity/apps", label: "Apps" },
];

export default function ActivityLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <LinkTabs label="Activity" tabs={tabs} />
      {children}
    </>
  );
}
