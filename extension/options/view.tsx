import { useId, useState } from 'preact/hooks';
import type { Translate } from '../overlay/i18n.ts';
import type { Settings } from '../platform/settings.ts';

interface OptionsProps {
  settings: Settings;
  t: Translate;
  /** Only what this page is about: the panel changes the rest meanwhile. */
  save: (settings: Partial<Settings>) => Promise<unknown>;
}

/** An identity token is a JWT: three parts of base64url. */
const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

type Outcome = { state: 'editing' } | { state: 'saved' } | { state: 'refused'; text: string };

/** The extension's own page: all settings, and how a relay learns who you are. */
export function Options({ settings, t, save }: OptionsProps) {
  const [draft, setDraft] = useState({ ...settings, identity: '' });
  const [stored, setStored] = useState(settings.identity);
  const [outcome, setOutcome] = useState<Outcome>({ state: 'editing' });
  const change = (part: Partial<Settings>) => {
    setDraft({ ...draft, ...part });
    setOutcome({ state: 'editing' });
  };

  const keep = async (identity: string) => {
    const relay = cleanAddress(draft.relay);
    if (relay === null) return setOutcome({ state: 'refused', text: t('error_relay_address_wrong_do') });
    await save({ relay, name: draft.name.trim(), beside: draft.beside, identity });
    setDraft({ ...draft, relay, identity: '' });
    setStored(identity);
    setOutcome({ state: 'saved' });
  };
  const submit = async () => {
    const pasted = draft.identity.trim();
    if (pasted && !TOKEN.test(pasted)) return setOutcome({ state: 'refused', text: t('identity_token_invalid') });
    await keep(pasted || stored);
  };

  return (
    <main class="osp options" lang={t('language_tag')}>
      <h1>{t('options_title')}</h1>
      <p class="help">{t('options_intro')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <section>
          <h2>{t('options_relay_section')}</h2>
          <Text
            label={t('relay_address')}
            help={t('relay_address_help')}
            placeholder={t('relay_address_hint')}
            value={draft.relay}
            onInput={(relay) => change({ relay })}
          />
          {isPlainHttp(draft.relay) && <p class="help">{t('options_unsafe_http')}</p>}
        </section>
        <section>
          <h2>{t('options_you_section')}</h2>
          <Text
            label={t('your_name')}
            help={t('your_name_help')}
            value={draft.name}
            onInput={(name) => change({ name })}
          />
        </section>
        <section>
          <h2>{t('options_identity_section')}</h2>
          <p>{t('options_identity_text')}</p>
          <p>{t('options_identity_how')}</p>
          <Text
            label={t('identity_token')}
            help={stored ? t('identity_token_saved') : ''}
            secret
            value={draft.identity}
            onInput={(identity) => change({ identity })}
          />
          {stored && (
            <button type="button" class="button danger" onClick={() => void keep('')}>
              {t('identity_token_remove')}
            </button>
          )}
        </section>
        <section>
          <h2>{t('options_panel_section')}</h2>
          <label class="check">
            <input
              type="checkbox"
              checked={draft.beside}
              onChange={(event) => change({ beside: event.currentTarget.checked })}
            />
            <span>{t('beside')}</span>
          </label>
          <p class="help">{t('beside_help')}</p>
        </section>
        <div class="save">
          <button type="submit" class="button main">
            {t('save')}
          </button>
          <p role="status" class={outcome.state === 'refused' ? 'refused' : ''}>
            {outcome.state === 'saved' && t('saved')}
            {outcome.state === 'refused' && outcome.text}
          </p>
        </div>
      </form>
    </main>
  );
}

interface TextProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  help: string;
  placeholder?: string;
  secret?: boolean;
}

function Text({ label, value, onInput, help, placeholder, secret = false }: TextProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        {...(secret ? { type: 'password' as const } : { type: 'text' as const })}
        value={value}
        placeholder={placeholder}
        aria-describedby={help ? `${id}-help` : undefined}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

/** @returns a relay base URL without trailing slash, '' for none, null when it cannot be one. */
function cleanAddress(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const withScheme = /^[a-z]+:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(withScheme)) return null;
  const url = new URL(withScheme);
  return /^https?:$/.test(url.protocol) ? url.origin + url.pathname.replace(/\/+$/, '') : null;
}

function isPlainHttp(text: string): boolean {
  return cleanAddress(text)?.startsWith('http:') ?? false;
}
