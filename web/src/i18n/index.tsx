import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

export type Language = "en" | "zh";
export type Translate = (text: string, values?: Record<string, string | number>) => string;

const STORED = "kirin.language";

interface Words {
  language: Language;
  choose: (language: Language) => void;
  t: Translate;
}

const Context = createContext<Words | null>(null);

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error("no words around this component");
  return words;
}

/** The English text itself is the key; other languages are dictionaries, loaded when chosen. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(first);
  const [dictionary, setDictionary] = useState<Record<string, string>>({});

  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
    if (language === "en") setDictionary({});
    else void import("./zh").then((module) => setDictionary(module.zh));
  }, [language]);

  const words = useMemo<Words>(
    () => ({
      language,
      choose: (chosen) => {
        localStorage.setItem(STORED, chosen);
        setLanguage(chosen);
      },
      t: (text, values) => fill(dictionary[text] ?? text, values),
    }),
    [language, dictionary],
  );
  return <Context.Provider value={words}>{children}</Context.Provider>;
}

function first(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "en" || stored === "zh") return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function fill(text: string, values?: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values?.[name] ?? whole));
}
