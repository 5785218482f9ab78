import {
  AppWindowIcon,
  BellIcon,
  BookCheckIcon,
  BookOpenIcon,
  ChartColumnIcon,
  CoinsIcon,
  HeartPulseIcon,
  HouseIcon,
  KeyRoundIcon,
  LayersIcon,
  ListIcon,
  type LucideIcon,
  MegaphoneIcon,
  MessageSquareIcon,
  ReceiptIcon,
  ReceiptTextIcon,
  RouteIcon,
  ScaleIcon,
  ScrollTextIcon,
  ServerIcon,
  SettingsIcon,
  ShieldIcon,
  SlidersIcon,
  TagIcon,
  TicketIcon,
  TrophyIcon,
  UsersIcon,
  WrenchIcon,
} from "lucide-react";

export type NavigationItem = { href: string; label: string; icon: LucideIcon };

/** The pages behind the sign-in, in the order of the sidebar. A line here adds one there and in the command palette. */
export const dashboardPages: NavigationItem[] = [
  { href: "/overview", label: "Overview", icon: HouseIcon },
  { href: "/chat", label: "Chat", icon: MessageSquareIcon },
  { href: "/models", label: "Models", icon: LayersIcon },
  { href: "/activity", label: "Activity", icon: ChartColumnIcon },
  { href: "/keys", label: "Keys", icon: KeyRoundIcon },
  { href: "/credits", label: "Credits", icon: CoinsIcon },
  { href: "/settings", label: "Settings", icon: SettingsIcon },
];

/** Pages below those of the sidebar, which the command palette offers too. */
export const furtherPages: NavigationItem[] = [
  { href: "/activity/logs", label: "Logs", icon: ListIcon },
  { href: "/activity/apps", label: "Apps", icon: AppWindowIcon },
  { href: "/rankings", label: "Rankings", icon: TrophyIcon },
  { href: "/keys/management", label: "Management keys", icon: KeyRoundIcon },
  { href: "/keys/byok", label: "Provider keys", icon: KeyRoundIcon },
  { href: "/credits/ledger", label: "Ledger", icon: ReceiptTextIcon },
  { href: "/credits/payments", label: "Payments", icon: ReceiptIcon },
  { href: "/settings/routing", label: "Routing and privacy", icon: RouteIcon },
  { href: "/settings/presets", label: "Presets", icon: SlidersIcon },
  { href: "/settings/prompts", label: "Prompt log", icon: ScrollTextIcon },
  { href: "/settings/notifications", label: "Notifications", icon: BellIcon },
  { href: "/settings/security", label: "Security", icon: ShieldIcon },
  { href: "/docs", label: "Documentation", icon: BookOpenIcon },
  { href: "/docs/api", label: "API reference", icon: BookOpenIcon },
];

/** In the sidebar, for operators alone. */
export const operatorEntry: NavigationItem = { href: "/operator", label: "Operator", icon: WrenchIcon };

/** Its pages, in the order of their tabs. */
export const operatorPages: NavigationItem[] = [
  { href: "/operator", label: "Health", icon: HeartPulseIcon },
  { href: "/operator/users", label: "Users", icon: UsersIcon },
  { href: "/operator/providers", label: "Providers", icon: ServerIcon },
  { href: "/operator/models", label: "Models and prices", icon: LayersIcon },
  { href: "/operator/prices", label: "Price import", icon: TagIcon },
  { href: "/operator/margin", label: "Margin", icon: ScaleIcon },
  { href: "/operator/books", label: "Books", icon: BookCheckIcon },
  { href: "/operator/codes", label: "Codes", icon: TicketIcon },
  { href: "/operator/audit", label: "Audit log", icon: ScrollTextIcon },
  { href: "/operator/announcements", label: "Announcements", icon: MegaphoneIcon },
];

/** Whether `path` is the page of `href` or lies below it. */
export const isWithin = (path: string, href: string) => path === href || path.startsWith(`${href}/`);
