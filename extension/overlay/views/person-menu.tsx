import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { assertNever } from '../../../shared/errors.ts';
import type { ManageAction, Role } from '../../../shared/protocol.ts';
import { useOverlay } from '../context.ts';
import { useInSight } from '../focus.ts';
import type { MemberView } from '../model.ts';
import { type Power, powersOver } from '../powers.ts';
import { Button } from './controls.tsx';

const WORDS = {
  'make-co-host': 'make_co_host',
  'take-back': 'take_co_host_back',
  'hand-over': 'hand_over',
  remove: 'remove_member',
} as const satisfies Record<Power, string>;

/** What this person may do about another, unfolded under the row; what cannot be taken back is asked once more. */
export function PersonMenu({ member, own }: { member: MemberView; own: Role }) {
  const { actions, t } = useOverlay();
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<Power | null>(null);
  const menu = useInSight<HTMLElement>(open && (asked ?? 'choices'));
  const opener = useRef<HTMLSpanElement>(null);
  const wasAsked = useRef(asked);
  useLayoutEffect(() => {
    // The button that was pressed is gone; without a focus of its own the next key would be the player's.
    if (open && wasAsked.current !== asked) menu.current?.querySelector<HTMLElement>('button:last-of-type')?.focus();
    wasAsked.current = asked;
  }, [asked, open, menu]);
  const powers = powersOver(own, member);
  if (powers.length === 0) return null;
  const close = () => {
    opener.current?.querySelector('button')?.focus();
    setOpen(false);
    setAsked(null);
  };
  const use = (power: Power) => {
    if (asked !== power && (power === 'remove' || power === 'hand-over')) return setAsked(power);
    actions.manage(actionFor(power, member.id));
    close();
  };
  const label = t('person_menu', member.name);
  return (
    <>
      <span class="more" ref={opener}>
        <Button
          kind="quiet"
          icon="more"
          label={label}
          expanded={open}
          onPress={() => (open ? close() : setOpen(true))}
        />
      </span>
      {open && (
        <section class="person-menu" ref={menu} aria-label={label}>
          {asked && <p>{t(asked === 'remove' ? 'remove_ask' : 'hand_over_ask', member.name)}</p>}
          <div class="actions">
            {(asked ? [asked] : powers).map((power) => (
              <Button
                key={power}
                kind={power === 'remove' ? 'danger' : asked ? 'main' : 'plain'}
                onPress={() => use(power)}
              >
                {t(WORDS[power])}
              </Button>
            ))}
            {asked && <Button onPress={() => setAsked(null)}>{t('cancel')}</Button>}
          </div>
        </section>
      )}
    </>
  );
}

function actionFor(power: Power, member: string): ManageAction {
  switch (power) {
    case 'make-co-host':
      return { kind: 'role', member, role: 'co-host' };
    case 'take-back':
      return { kind: 'role', member, role: 'guest' };
    case 'hand-over':
      return { kind: 'role', member, role: 'host' };
    case 'remove':
      return { kind: 'kick', member };
    default:
      return assertNever(power);
  }
}
