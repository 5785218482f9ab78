import type { ReactNode } from "react";
import { LinkTabs } from "@/components/link-tabs";

const tabs = [
  { href: "/keys", label: "API keys" },
  { href: "/keys/management", label: "Management keys" },
  { href: "/keys/byok", label: "Provider keys" },
];

export default function KeysLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <LinkTabs label="Kinds of keys" tabs={tabs} />
      {children}
    </>
  );
}
