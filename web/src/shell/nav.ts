/** The menu: each entry with the right that its page asks for. */
import {
  IconActivity,
  IconAddressBook,
  IconArrowsSplit2,
  IconBroadcast,
  IconChartBar,
  IconCreditCard,
  IconDeviceLandlinePhone,
  IconGavel,
  IconHeadset,
  IconHeartbeat,
  IconKey,
  IconLink,
  IconMail,
  IconMessage2,
  IconNotebook,
  IconPhone,
  IconReportMoney,
  IconRoute,
  IconShieldSearch,
  IconUsers,
  IconWallet,
  IconWebhook,
  type Icon,
} from "@tabler/icons-react";

export interface Entry {
  to: string;
  title: string;
  icon: Icon;
  scope: string;
}

export interface Group {
  title: string;
  entries: readonly Entry[];
}

export const NAV: readonly Group[] = [
  {
    title: "Calls",
    entries: [
      { to: "/live", title: "Live calls", icon: IconBroadcast, scope: "live:read" },
      { to: "/calls", title: "All calls", icon: IconPhone, scope: "calls:read" },
      { to: "/agent", title: "Agent desk", icon: IconHeadset, scope: "agent:act" },
      { to: "/phone", title: "Try the line", icon: IconDeviceLandlinePhone, scope: "agent:act" },
      { to: "/analytics", title: "Analytics", icon: IconChartBar, scope: "analytics:read" },
    ],
  },
  {
    title: "Money",
    entries: [
      { to: "/payments", title: "Payments", icon: IconCreditCard, scope: "payments:read" },
      { to: "/disputes", title: "Disputes", icon: IconGavel, scope: "payments:read" },
      { to: "/fraud", title: "Fraud", icon: IconShieldSearch, scope: "fraud:read" },
      { to: "/methods", title: "Stored cards", icon: IconWallet, scope: "methods:read" },
      { to: "/links", title: "Payment links", icon: IconLink, scope: "links:read" },
      { to: "/routing", title: "Routing", icon: IconArrowsSplit2, scope: "routing:read" },
      { to: "/ledger", title: "Ledger", icon: IconNotebook, scope: "ledger:read" },
      { to: "/settlements", title: "Settlements", icon: IconReportMoney, scope: "settlements:read" },
    ],
  },
  {
    title: "The line",
    entries: [
      { to: "/numbers", title: "Numbers", icon: IconAddressBook, scope: "numbers:read" },
      { to: "/flows", title: "Flows", icon: IconRoute, scope: "flows:read" },
      { to: "/prompts", title: "Prompts", icon: IconMessage2, scope: "prompts:read" },
      { to: "/messages", title: "Messages", icon: IconMail, scope: "messages:read" },
      { to: "/webhooks", title: "Webhooks", icon: IconWebhook, scope: "webhooks:read" },
    ],
  },
  {
    title: "House",
    entries: [
      { to: "/users", title: "Users", icon: IconUsers, scope: "users:read" },
      { to: "/keys", title: "API keys", icon: IconKey, scope: "keys:read" },
      { to: "/audit", title: "Audit log", icon: IconActivity, scope: "audit:read" },
      { to: "/health", title: "System health", icon: IconHeartbeat, scope: "health:read" },
    ],
  },
];
