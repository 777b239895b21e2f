import { useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import { formatMoment } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { PartyView } from '../model.ts';
import { Code } from './code.tsx';
import { Button } from './controls.tsx';
import { Links } from './links.tsx';
import { QrCode } from './qr.tsx';

type Copying = 'ready' | 'busy' | 'copied' | 'refused';

/** Every way to hand the link on: clipboard, the system's share sheet, a phone's camera. */
export function Invite({ party }: { party: PartyView }) {
  const { actions, t } = useOverlay();
  const { invite } = party;
  const [open, setOpen] = useState<'code' | 'links' | null>(null);
  const [copying, setCopying] = useState<Copying>('ready');
  const [showsQr, setShowsQr] = useState(false);
  const url = invite.state === 'ready' ? invite.url : null;
  // Links are made ahead of the click; that is nobody's business, and a press meanwhile must count.
  const busy = copying === 'busy';

  const copy = () => {
    setCopying('busy');
    actions.copyInvite().then(
      (there) => setCopying(there ? 'copied' : 'refused'),
      () => setCopying('refused'),
    );
  };
  const toggleQr = () => {
    if (!showsQr && !url) copy();
    setShowsQr(!showsQr);
  };

  return (
    <section class="invite">
      <div class="actions">
        <Button kind="main" class="grow" busy={busy} icon={copying === 'copied' ? 'check' : 'copy'} onPress={copy}>
          <CopyWord copying={copying} busy={busy} onFaded={() => setCopying('ready')} />
        </Button>
        {'share' in navigator && (
          <Button icon="share" label={t('share_invite')} onPress={() => actions.shareInvite()} />
        )}
        <Button icon="qr" label={t('show_qr')} expanded={showsQr} onPress={toggleQr} />
      </div>
      <span class="sr-only" role="status">
        {copying === 'copied' ? t('copied') : ''}
      </span>
      {copying === 'refused' && url && <CopyByHand url={url} />}
      {showsQr && (url ? <QrCode text={url} /> : <div class="qr skeleton" />)}
      <div class="actions">
        <p class="help grow">{invite.state === 'ready' ? termsOf(invite, t) : t('invite_hint')}</p>
        <Button kind="quiet" expanded={open === 'code'} onPress={() => setOpen(open === 'code' ? null : 'code')}>
          {t('code_show')}
        </Button>
        <Button kind="quiet" expanded={open === 'links'} onPress={() => setOpen(open === 'links' ? null : 'links')}>
          {t('links_show')}
        </Button>
      </div>
      {open === 'code' && <Code key={url} />}
      {open === 'links' && <Links party={party} />}
    </section>
  );
}

function termsOf({ endsAtMs, uses }: { endsAtMs: number; uses: number }, t: Translate): string {
  const until = formatMoment(endsAtMs, t);
  return uses === 1 ? t('invite_terms_one', until) : t('invite_terms', until, String(uses));
}

function CopyWord({ copying, busy, onFaded }: { copying: Copying; busy: boolean; onFaded: () => void }) {
  const { t } = useOverlay();
  if (busy) return <span>{t('making_invite')}</span>;
  if (copying !== 'copied') return <span>{t('copy_invite')}</span>;
  // The style sheet decides how long the confirmation stands.
  return (
    <span class="confirmation" onAnimationEnd={onFaded}>
      {t('copied')}
    </span>
  );
}

function CopyByHand({ url }: { url: string }) {
  const { t } = useOverlay();
  return (
    <label class="field">
      {t('copy_by_hand')}
      <input type="text" readOnly value={url} onFocus={(event) => event.currentTarget.select()} />
    </label>
  );
}
