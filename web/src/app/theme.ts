import { createTheme, Menu, Popover, Tooltip } from '@mantine/core';

/**
 * The look of Mantine's components. Its variables are in `theme.css` and not in `createTheme`: Mantine would write them
 * into a `<style>` element, which the content security policy (`style-src 'self'`) refuses. For the same reason no component
 * is given a size that depends on the width of the window.
 */
export const theme = createTheme({
  cursorType: 'pointer',
  components: {
    Popover: Popover.extend({ defaultProps: { shadow: 'md' } }),
    // Without the placeholder the first item has the focus, and a menu holds items alone, as its role asks for.
    Menu: Menu.extend({ defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true, multiline: true } }),
  },
});
