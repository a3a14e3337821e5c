/**
 * The page's words. A key is the English sentence itself; another language is one more file in words/, and a
 * line here. Only forms that English itself needs (plurals) stand in words/en.json.
 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import en from "@/words/en.json";

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: en } },
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false }, // React escapes
});

export default i18next;
