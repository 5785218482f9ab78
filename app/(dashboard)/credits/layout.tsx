import type { ReactNode } from "react";
import { LinkTabs } from "@/components/link-tabs";

const tabs = [
  { href: "/credits", label: "Credits" },
  { href: "/credits/ledger", label: "Ledger" },
  { href: "/credits/payments", label: "Payments" },
];

export default function CreditsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <LinkTabs label="Credits" tabs={tabs} />
      {children}
    </>
  );
}
