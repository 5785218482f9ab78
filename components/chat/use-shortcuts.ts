import { useEffect, useRef } from "react";

type Actions = {
  newChat: () => void;
  settings: () => void;
  help: () => void;
  focusField: () => void;
  stop: () => void;
};

/** Keys that count on the whole page. An open dialog has its own. */
export function useShortcuts(actions: Actions) {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionOf(event);
      if (!action || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')) return;
      if (action !== "stop") event.preventDefault();
      latest.current[action]();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function actionOf(event: KeyboardEvent): keyof Actions | undefined {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (altKey) return undefined;
  if (ctrlKey || metaKey) {
    if (shiftKey && key.toLowerCase() === "o") return "newChat";
    return key === "," ? "settings" : undefined;
  }
  if (key === "Escape") return "stop";
  const typing =
    event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
  if (typing) return undefined;
  if (key === "?") return "help";
  return key === "/" ? "focusField" : undefined;
}
