import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useInSight } from '../focus.ts';
import { Icon, type IconName } from '../icons.tsx';
import { Button } from './controls.tsx';

interface FoldProps {
  icon: IconName;
  title: string;
  /** What is chosen now, seen without unfolding it. */
  hint: string;
  children: ComponentChildren;
}

/** What is seldom touched: a line that says how it stands, and unfolds. */
export function Fold({ icon, title, hint, children }: FoldProps) {
  const [open, setOpen] = useState(false);
  const section = useInSight<HTMLElement>(open);
  return (
    <section class="folded" ref={section}>
      <Button class="fold" kind="quiet" icon={icon} expanded={open} onPress={() => setOpen(!open)}>
        <span class="grow">{title}</span>
        <span class="fold-hint">{hint}</span>
        <Icon name="down" size={16} />
      </Button>
      {open && <div class="fold-body">{children}</div>}
    </section>
  );
}
