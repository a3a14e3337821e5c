/** Where each address leads. A page's code is fetched when it is first gone to, the frame around it likewise. */
import { createBrowserRouter } from "react-router";

import { askSession } from "@/api/session";
import { Broken } from "@/shell/Broken";
import { Waiting } from "@/shell/Waiting";

export const router = createBrowserRouter([
  {
    path: "/sign-in",
    lazy: () => import("@/pages/sign-in/SignIn"),
    HydrateFallback: Waiting,
    ErrorBoundary: Broken,
  },
  {
    path: "/call",
    lazy: () => import("@/pages/phone/OpenPhone"),
    HydrateFallback: Waiting,
    ErrorBoundary: Broken,
  },
  {
    loader: askSession,
    shouldRevalidate: () => false,
    lazy: () => import("@/shell/Shell"),
    HydrateFallback: Waiting,
    ErrorBoundary: Broken,
    children: [
      { index: true, lazy: () => import("@/shell/Home") },
      {
        ErrorBoundary: Broken,
        children: [
          { path: "live", lazy: () => import("@/pages/live/LiveCalls") },
          { path: "calls", lazy: () => import("@/pages/calls/Calls") },
          { path: "calls/:id", lazy: () => import("@/pages/calls/Call") },
          { path: "agent", lazy: () => import("@/pages/agent/Agent") },
          { path: "phone", lazy: () => import("@/pages/phone/Phone") },
          { path: "payments", lazy: () => import("@/pages/payments/Payments") },
          { path: "payments/:id", lazy: () => import("@/pages/payments/Payment") },
          { path: "disputes", lazy: () => import("@/pages/disputes/Disputes") },
          { path: "fraud", lazy: () => import("@/pages/fraud/Fraud") },
          { path: "methods", lazy: () => import("@/pages/methods/Methods") },
          { path: "links", lazy: () => import("@/pages/links/Links") },
          { path: "routing", lazy: () => import("@/pages/routing/Routing") },
          { path: "ledger", lazy: () => import("@/pages/ledger/Ledger") },
          { path: "settlements", lazy: () => import("@/pages/settlements/Settlements") },
          { path: "settlements/:gateway/:batch", lazy: () => import("@/pages/settlements/Lines") },
          { path: "analytics", lazy: () => import("@/pages/analytics/Analytics") },
          { path: "numbers", lazy: () => import("@/pages/numbers/Numbers") },
          { path: "flows", lazy: () => import("@/pages/flows/Flows") },
          { path: "flows/:name", lazy: () => import("@/pages/flows/Flow") },
          { path: "prompts", lazy: () => import("@/pages/prompts/Prompts") },
          { path: "messages", lazy: () => import("@/pages/messages/Messages") },
          { path: "webhooks", lazy: () => import("@/pages/webhooks/Webhooks") },
          { path: "users", lazy: () => import("@/pages/users/Users") },
          { path: "keys", lazy: () => import("@/pages/keys/Keys") },
          { path: "audit", lazy: () => import("@/pages/audit/Audit") },
          { path: "health", lazy: () => import("@/pages/health/Health") },
          { path: "account", lazy: () => import("@/pages/account/Account") },
          { path: "*", lazy: () => import("@/shell/NotThere") },
        ],
      },
    ],
  },
]);
