import { useState } from 'react';

/** Whether something has been shown by now: from then on it stays mounted, with what was typed in it. */
export function useSeen(isShown: boolean): boolean {
  const [isSeen, setSeen] = useState(isShown);
  if (isShown && !isSeen) setSeen(true);
  return isSeen || isShown;
}
