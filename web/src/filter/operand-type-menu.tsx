import { Menu, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { OPERAND_TYPES, type OperandType } from './draft-operand.js';
import classes from './condition-row.module.css';

interface OperandTypeMenuProps {
  readonly type: OperandType;
  readonly onChange: (type: OperandType) => void;
  readonly label: string;
}

/** Which type the typed text stands for: the text "8" is not the number 8. */
export function OperandTypeMenu({ type, onChange, label }: OperandTypeMenuProps): ReactElement {
  const current = OPERAND_TYPES.find((option) => option.type === type);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton
          className={classes['type']}
          aria-label={`${current?.sign ?? ''}: type of the ${label}`}
          title={`Type: ${current?.label ?? type}`}
        >
          {current?.sign}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {OPERAND_TYPES.map((option) => (
          <Menu.Item
            key={option.type}
            leftSection={<span className={classes['sign']}>{option.sign}</span>}
            onClick={() => onChange(option.type)}
            {...(option.type === type ? { 'aria-current': true } : {})}
          >
            {option.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
