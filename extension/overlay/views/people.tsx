import { useState } from 'preact/hooks';
import type { Role } from '../../../shared/protocol.ts';
import { useOverlay } from '../context.ts';
import { formatMeasured, speakMeasured } from '../format.ts';
import { Icon } from '../icons.tsx';
import { hasGivenUp, lookOf } from '../member-look.ts';
import type { MemberView, PartyView } from '../model.ts';
import { powersOver } from '../powers.ts';
import { factsOf, readinessLook } from '../preflight.ts';
import { Button } from './controls.tsx';
import { PersonMenu } from './person-menu.tsx';
import { Plot } from './plot.tsx';

/** Everyone in the party, one row each: who, what they are doing, how far from the common position. */
export function People({ party: { members, role, preflight } }: { party: PartyView }) {
  const { t } = useOverlay();
  const hasMenus = members.some((member) => powersOver(role, member).length > 0);
  return (
    <section class={hasMenus ? 'people has-menus' : 'people'}>
      <h3>{t('people_heading', String(members.length))}</h3>
      <ul>
        {members.map((member) => (
          <Person key={member.id} member={member} own={role} preflight={preflight} />
        ))}
      </ul>
      {members.length <= 1 && <p class="empty-hint">{t('people_empty')}</p>}
    </section>
  );
}

function Person({ member, own, preflight }: { member: MemberView; own: Role; preflight: boolean }) {
  const { t } = useOverlay();
  const look = preflight ? readinessLook(member) : lookOf(member);
  const facts = preflight ? factsOf(member, t) : '';
  return (
    <li class={member.connected ? 'person' : 'person absent'}>
      <Avatar member={member} />
      <span class="person-name">
        <bdi class="name">{member.name}</bdi>
        {member.you && <span class="mark">{t('people_you')}</span>}
        <RoleMark role={member.role} />
        {!member.verified && (
          <span class="mark" title={t('people_guest_hint')}>
            {t('people_guest')}
          </span>
        )}
      </span>
      <span class={`state tone-${look.tone}`}>
        <Icon name={look.icon} size={16} />
        {t(look.word)}
      </span>
      {facts && <span class="facts">{facts}</span>}
      {member.connected && !preflight && <Measured member={member} />}
      {member.you && hasGivenUp(member) && <CatchUpButton />}
      <PersonMenu member={member} own={own} />
    </li>
  );
}

/** The first letter of the name, and the person's picture over it once that has come. */
function Avatar({ member: { id, name, picture } }: { member: MemberView }) {
  const [missing, setMissing] = useState<string | null>(null);
  return (
    <span class="avatar" aria-hidden="true" style={{ '--hue': String(hueOf(id)) }}>
      {initialOf(name)}
      {picture !== null && picture !== missing && (
        <img src={picture} alt="" decoding="async" referrerPolicy="no-referrer" onError={() => setMissing(picture)} />
      )}
    </span>
  );
}

function RoleMark({ role }: { role: Role }) {
  const { t } = useOverlay();
  if (role === 'guest') return null;
  const word = t(role === 'host' ? 'people_host' : 'people_co_host');
  return (
    <span class="host-mark" title={word}>
      <Icon name={role === 'host' ? 'crown' : 'star'} size={16} />
      <span class="sr-only">{word}</span>
    </span>
  );
}

/** The number now, and how it went. Their place stays when there is nothing to measure for a while. */
function Measured({ member: { offsetMs, errorMs, offsets } }: { member: MemberView }) {
  const { t } = useOverlay();
  if (offsetMs === null && offsets.every((sample) => sample.offsetMs === null)) return null;
  return (
    <span class="measured">
      <span class="offset">
        {offsetMs !== null && (
          <>
            <span aria-hidden="true">{formatMeasured(offsetMs, errorMs, t)}</span>
            <span class="sr-only">{speakMeasured(offsetMs, errorMs, t)}</span>
          </>
        )}
      </span>
      <Plot samples={offsets} />
    </span>
  );
}

/** Tries again what the engine had given up. */
export function CatchUpButton() {
  const { actions, t } = useOverlay();
  return (
    <Button class="surface-button catch-up" icon="fast-forward" onPress={() => actions.catchUp()}>
      {t('catch_up')}
    </Button>
  );
}

/** The first letter as a person sees it, be it an accented one or an emoji. */
const initialOf = (name: string): string => ([...name.trim()][0] ?? '?').toLocaleUpperCase();

/** A steady colour per member, in degrees, so that rows are told apart at a glance. */
function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return hash;
}
