import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/**
 * A component whose script is loaded apart from the first view: when it is first shown, or before that, once the
 * browser has nothing better to do.
 */
export function lazily<Module, Props>(
  load: () => Promise<Module>,
  pick: (module: Module) => ComponentType<Props>,
): LazyExoticComponent<ComponentType<Props>> {
  const idle = (): void => {
    // A script that cannot be had now is asked for again when it is needed.
    void load().catch(() => undefined);
  };
  if ('requestIdleCallback' in window) window.requestIdleCallback(idle, { timeout: 4_000 });
  else setTimeout(idle, 2_000);
  return lazy(async () => ({ default: pick(await load()) }));
}
