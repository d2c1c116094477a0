import { Drawer, Modal } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useFocusBack } from './focus-back.js';

interface DialogProps {
  readonly title: string;
  /** Left out for a dialog that cannot be left. */
  readonly onClose?: () => void;
  readonly size?: string | number;
  readonly centered?: boolean;
  readonly children: ReactNode;
}

/**
 * A dialog before the page. It does not lock the page's scrolling, which Mantine does by a `<style>` element that the
 * content security policy refuses; and its head is no banner, of which a page has one. Once it is closed, the focus is where
 * it was before.
 */
export function Dialog({
  title,
  onClose,
  size = 'md',
  centered = false,
  children,
}: DialogProps): ReactElement {
  useFocusBack();
  return (
    <Modal.Root opened onClose={onClose ?? stay} size={size} centered={centered} lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header role="presentation">
          <Modal.Title component="h2">{title}</Modal.Title>
          {onClose !== undefined && <Modal.CloseButton aria-label="Close" />}
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The same at the right edge of the window. */
export function SidePanel({ title, onClose, size, children }: DialogProps): ReactElement {
  useFocusBack();
  return (
    <Drawer.Root opened onClose={onClose ?? stay} position="right" size={size ?? 420} lockScroll={false}>
      <Drawer.Overlay />
      <Drawer.Content>
        <Drawer.Header role="presentation">
          <Drawer.Title component="h2">{title}</Drawer.Title>
          {onClose !== undefined && <Drawer.CloseButton aria-label="Close" />}
        </Drawer.Header>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function stay(): void {
  // Neither Escape nor a click beside it closes the dialog.
}
