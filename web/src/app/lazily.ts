import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { importPart } from './import-part.js';

/**
 * A component whose script is loaded apart from the first view: when it is first shown, or before that, once the
 * browser has nothing better to do.
 */
export function lazily<Module, Props>(
  load: () => Promise<Module>,
  pick: (module: Module) => ComponentType<Props>,
): LazyExoticComponent<ComponentType<Props>> {
  const part = importPart(load);
  const idle = (): void => {
    // That a part cannot be had is told when it is needed.
    void part().catch(() => undefined);
  };
  if ('requestIdleCallback' in window) window.requestIdleCallback(idle, { timeout: 4_000 });
  else setTimeout(idle, 2_000);
  return lazy(async () => ({ default: pick(await part()) }));
}
