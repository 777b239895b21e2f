import { useOverlay } from '../context.ts';
import { formatOffset, speakOffset } from '../format.ts';
import type { MessageKey } from '../i18n.ts';
import { Icon, type IconName } from '../icons.tsx';
import type { MemberView } from '../model.ts';
import type { Tone } from '../summary.ts';

interface StateLook {
  icon: IconName;
  tone: Tone;
  word: MessageKey;
}

const LOOKS: Record<MemberView['state'], StateLook> = {
  joining: { icon: 'spinner', tone: 'busy', word: 'state_joining' },
  'in-sync': { icon: 'in-sync', tone: 'good', word: 'state_in_sync' },
  'catching-up': { icon: 'catching-up', tone: 'warn', word: 'state_catching_up' },
  buffering: { icon: 'spinner', tone: 'warn', word: 'state_buffering' },
  background: { icon: 'background', tone: 'busy', word: 'state_background' },
  'autoplay-blocked': { icon: 'blocked', tone: 'warn', word: 'state_autoplay_blocked' },
  away: { icon: 'away', tone: 'busy', word: 'state_away' },
  'other-item': { icon: 'away', tone: 'busy', word: 'state_other_item' },
  'item-missing': { icon: 'missing', tone: 'bad', word: 'state_item_missing' },
};
const DISCONNECTED: StateLook = { icon: 'away', tone: 'bad', word: 'state_disconnected' };

/** Everyone in the party, one row each: who, what they are doing, how far from the common position. */
export function People({ members }: { members: readonly MemberView[] }) {
  const { t } = useOverlay();
  return (
    <section class="people">
      <h3>{t('people_heading', String(members.length))}</h3>
      <ul>
        {members.map((member) => (
          <Person key={member.id} member={member} />
        ))}
      </ul>
      {members.length <= 1 && <p class="empty-hint">{t('people_empty')}</p>}
    </section>
  );
}

function Person({ member }: { member: MemberView }) {
  const { t } = useOverlay();
  const look = member.connected ? LOOKS[member.state] : DISCONNECTED;
  return (
    <li class={member.connected ? 'person' : 'person absent'}>
      <span class="avatar" aria-hidden="true" style={{ '--hue': String(hueOf(member.id)) }}>
        {initialOf(member.name)}
      </span>
      <span class="person-name">
        <bdi class="name">{member.name}</bdi>
        {member.you && <span class="mark">{t('people_you')}</span>}
        {member.host && (
          <span class="host-mark" title={t('people_host')}>
            <Icon name="crown" size={16} />
            <span class="sr-only">{t('people_host')}</span>
          </span>
        )}
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
      {member.connected && member.offsetMs !== null && <Offset ms={member.offsetMs} />}
    </li>
  );
}

function Offset({ ms }: { ms: number }) {
  const { t } = useOverlay();
  return (
    <span class="offset">
      <span aria-hidden="true">{formatOffset(ms, t)}</span>
      <span class="sr-only">{speakOffset(ms, t)}</span>
    </span>
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
