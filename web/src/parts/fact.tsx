/** A fact in words, with its sign, for timelines. */
import {
  IconArrowForwardUp,
  IconCash,
  IconCircleCheck,
  IconClipboardText,
  IconCreditCard,
  IconDialpad,
  IconDisc,
  IconLanguage,
  IconLink,
  IconMicrophone,
  IconMoodAngry,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPoint,
  IconRoute,
  IconVolume,
  type Icon,
} from "@tabler/icons-react";
import type { TFunction } from "i18next";

import type { Told } from "@/api/types";
import { languageName, money, words } from "@/parts/show";

export interface InWords {
  sign: Icon;
  colour: string;
  title: string;
  text: string;
}

export function inWords(told: Told, t: TFunction): InWords {
  switch (told.kind) {
    case "CallStarted":
      return line(
        IconPhoneIncoming,
        "blue",
        t("Call taken"),
        `${told.caller || t("withheld")} → ${told.number} · ${words(told.flow)}`,
      );
    case "RecordingBegan":
      return line(IconDisc, "gray", t("Recorded from here on"), t("Card entry is never recorded."));
    case "StepReached":
      return line(IconRoute, "blue", t("Step {{step}}", { step: told.step }), words(told.flow));
    case "Said":
      return line(IconVolume, "pine", t("The line said"), told.text);
    case "SaidAll":
      return line(
        IconVolume,
        "gray",
        told.interrupted ? t("Cut short by the caller") : t("Said to the end"),
        words(told.prompt),
      );
    case "Pressed":
      return line(
        IconDialpad,
        "violet",
        t("Pressed {{count}} keys", { count: told.keys }),
        words(told.question),
      );
    case "Spoke":
      return line(
        IconMicrophone,
        "violet",
        t("The caller said"),
        `“${told.text}” · ${t("waited {{waited}} ms, thought {{thought}} ms", { waited: told.waited_ms, thought: told.thought_ms })}`,
      );
    case "Answered":
      return line(
        IconCircleCheck,
        "teal",
        t("Understood: {{question}}", { question: words(told.question) }),
        told.value,
      );
    case "CardProgress":
      return line(
        IconCreditCard,
        "blue",
        told.complete ? t("Card field complete") : t("Card field being keyed in"),
        `${words(told.field)} · ${t("{{count}} digits", { count: told.mask.length })}`,
      );
    case "CardRefused":
      return line(
        IconCreditCard,
        "orange",
        t("Card field refused"),
        `${words(told.field)}: ${words(told.error)} (${told.attempt})`,
      );
    case "CaptureEnded":
      return line(IconCreditCard, "gray", t("Card capture ended"), words(told.result));
    case "PaymentMoved":
      return line(
        IconCash,
        told.state === "captured" ? "teal" : told.state === "declined" ? "red" : "orange",
        t("Payment {{state}}", { state: words(told.state).toLowerCase() }),
        [money(told.amount_minor, told.currency), told.gateway, told.detail].filter(Boolean).join(" · "),
      );
    case "LinkMoved":
      return line(
        IconLink,
        "blue",
        t("Payment link {{state}}", { state: words(told.state).toLowerCase() }),
        money(told.amount_minor, told.currency),
      );
    case "CallHandedOver":
      return line(
        IconArrowForwardUp,
        "grape",
        t("Handed over to {{to}}", { to: told.to }),
        words(told.result),
      );
    case "SpeaksLanguage":
      return line(IconLanguage, "blue", t("Goes on in another language"), languageName(told.language));
    case "CallerUpset":
      return line(
        IconMoodAngry,
        "orange",
        t("The caller is upset"),
        `${words(told.question)} · ${t("a person is offered")}`,
      );
    case "RequestMoved":
      return line(
        IconClipboardText,
        told.state === "done" ? "teal" : "blue",
        t("{{about}}: {{state}}", { about: words(told.about), state: words(told.state).toLowerCase() }),
        told.request,
      );
    case "CallEnded":
      return line(
        IconPhoneOff,
        "gray",
        t("Call ended: {{outcome}}", { outcome: words(told.outcome).toLowerCase() }),
        words(told.cause),
      );
    default:
      return unknown(told);
  }
}

const PLACE = new Set(["kind", "seq", "at", "topic", "call"]);

/** A kind of fact that this page does not know yet. */
function unknown(told: object): InWords {
  const kind = "kind" in told ? String(told.kind) : "";
  const rest = Object.entries(told).filter(([name]) => !PLACE.has(name));
  const text = rest.map(([name, value]) => `${words(name)}: ${String(value)}`).join(" · ");
  return line(IconPoint, "gray", words(kind.replace(/(?!^)([A-Z])/g, " $1").toLowerCase()), text);
}

function line(sign: Icon, colour: string, title: string, text: string): InWords {
  return { sign, colour, title, text };
}
