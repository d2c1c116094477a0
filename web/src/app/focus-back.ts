import { useEffect, useState } from 'react';

const FOCUSABLE = 'a[href], button, input, select, textarea, [tabindex]:not([tabindex="-1"])';

/**
 * Remembers an element with the focus; the function gives it back where it has been lost, which is when what had it has
 * gone. Where the element has gone too, what is around it gets the focus.
 */
export function rememberFocus(element: Element | null = document.activeElement): () => void {
  const places: HTMLElement[] = [];
  // No further than the page's content: the next page has that too.
  for (let at = element; at instanceof HTMLElement && !at.matches('main, body'); at = at.parentElement)
    places.push(at);
  return () => {
    if (!isFocusLost()) return;
    for (const place of places.filter(({ isConnected }) => isConnected)) {
      for (const target of [place, place.querySelector<HTMLElement>(FOCUSABLE)]) {
        target?.focus({ preventScroll: true });
        if (!isFocusLost()) return;
      }
    }
  };
}

/** Gives the focus back to what had it before the component was there: for dialogs, and panels that open and close. */
export function useFocusBack(): void {
  // As it is first drawn, since a dialog takes the focus before its effects are run.
  const [giveBack] = useState(() => rememberFocus());
  useEffect(
    () => () => {
      // What goes with it, as a field that was deleted, is drawn anew a moment later.
      setTimeout(giveBack, 0);
    },
    [giveBack],
  );
}

/** Puts the focus on what is below the page's head, past everything that stands there on every page. */
export function focusContent(): void {
  document.getElementById('content')?.focus();
}

function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
