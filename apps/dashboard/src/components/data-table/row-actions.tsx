"use client";

import { Fragment } from "react";
import type { RowAction } from "@/components/data-table/row-action.ts";
import { Button } from "@/components/ui/button.tsx";
import { MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";

interface Props<T> {
  row: T;
  /** Names the row in the menu's label. */
  name: string;
  actions: readonly RowAction<T>[];
  onOpen: (label: string) => void;
}

/** The buttons and the menu at the end of a row. Renders nothing without actions. */
export function RowActions<T>({ row, name, actions, onOpen }: Props<T>) {
  const offered = actions.filter(({ when }) => when?.(row) ?? true);
  const inMenu = offered.filter(({ button }) => !button);
  const start = (action: RowAction<T>) => ("run" in action ? action.run(row) : onOpen(action.label));
  return (
    <div className="flex items-center justify-end gap-1.5">
      {offered.map((action) =>
        action.button ? (
          <Button key={action.label} size="sm" aria-label={action.button(row)} onClick={() => start(action)}>
            {action.icon ? <action.icon aria-hidden /> : null}
            {action.label}
          </Button>
        ) : null,
      )}
      {inMenu.length > 0 ? (
        <RowMenu label={name}>
          {inMenu.map((action, index) => (
            <Fragment key={action.label}>
              {action.danger && index > 0 ? <MenuSeparator /> : null}
              <MenuItem danger={action.danger} onSelect={() => start(action)}>
                {action.icon ? <action.icon aria-hidden /> : null}
                {action.label}
              </MenuItem>
            </Fragment>
          ))}
        </RowMenu>
      ) : null}
    </div>
  );
}
