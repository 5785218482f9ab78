import type { ReactNode } from "react";
import { LinkTabs } from "@/components/link-tabs";

const tabs = [
  { href: "/settings", label: "Profile" },
  { href: "/settings/routing", label: "Routing and privacy" },
  { href: "/settings/presets", label: "Presets" },
  { href: "/settings/prompts", label: "Prompt log" },
  { href: "/settings/notifications", label: "Notifications" },
  { href: "/settings/security", label: "Security" },
];

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <LinkTabs label="Settings" tabs={tabs} />
      {children}
    </>
  );
}
