import { useEffect, useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import { formatMoment } from '../format.ts';
import type { LinkView, MemberView, PartyView } from '../model.ts';
import { Choices } from './choices.tsx';
import { Button } from './controls.tsx';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** What a link can be made for: people, and hours. The first link of all is for 50 people and 12 hours. */
const USES = [1, 5, 50];
const HOURS = [1, 12, DAY_HOURS, 7 * DAY_HOURS];

/** The party's links: what each allows, to take back, and one of another kind. */
export function Links({ party }: { party: PartyView }) {
  const { actions, t } = useOverlay();
  const { invite, links, members } = party;
  const known = links?.length ?? 0;
  const people = members.length;
  // How often links were used changes as people come in.
  useEffect(() => actions.listInvites(), [people]);
  const own: LinkView[] = invite.state === 'ready' ? [{ ...invite, by: null, used: 0 }] : [];
  const isListed = (one: LinkView) => links?.some((link) => link.invite === one.invite) ?? false;
  const all = [...own.filter((one) => !isListed(one)), ...(links ?? [])];
  return (
    <div class="links">
      <h4>{t('links_heading')}</h4>
      <ul aria-busy={links === null && known === 0}>
        {all.map((link) => (
          <LinkRow
            key={link.invite}
            link={link}
            isOwn={invite.state === 'ready' && link.invite === invite.invite}
            maker={members.find(({ id }) => id === link.by)}
          />
        ))}
      </ul>
      <NewLink />
    </div>
  );
}

function LinkRow({ link, isOwn, maker }: { link: LinkView; isOwn: boolean; maker: MemberView | undefined }) {
  const { actions, t } = useOverlay();
  const who = isOwn
    ? t('link_this')
    : maker?.you
      ? t('link_yours')
      : maker
        ? t('link_of', maker.name)
        : t('link_other');
  return (
    <li>
      <span class="grow">
        <bdi class="link-who">{who}</bdi>
        <span class="help">{t('link_use', String(link.used), String(link.uses), formatMoment(link.endsAtMs, t))}</span>
      </span>
      <Button class="surface-button" onPress={() => actions.revokeInvite(link.invite)}>
        {t('link_revoke')}
      </Button>
    </li>
  );
}

function NewLink() {
  const { actions, t } = useOverlay();
  const [uses, setUses] = useState(1);
  const [hours, setHours] = useState(1);
  const [poster, setPoster] = useState(true);
  const wordOf = (value: number) =>
    value < DAY_HOURS ? t('link_hours', String(value)) : t('link_days', String(value / DAY_HOURS));
  return (
    <div class="field">
      <h4>{t('link_new')}</h4>
      <Choices
        label={t('link_uses')}
        choices={USES.map((value) => ({ value, word: value === 1 ? t('link_one') : t('link_people', String(value)) }))}
        chosen={uses}
        onChoose={setUses}
      />
      <Choices
        label={t('link_ends')}
        choices={HOURS.map((value) => ({ value, word: wordOf(value) }))}
        chosen={hours}
        onChoose={setHours}
      />
      <label class="check">
        <input type="checkbox" checked={poster} onChange={(event) => setPoster(event.currentTarget.checked)} />
        <span>{t('link_poster')}</span>
      </label>
      <Button onPress={() => actions.makeInvite({ uses, ttlMs: hours * HOUR_MS, poster })}>{t('link_make')}</Button>
    </div>
  );
}
