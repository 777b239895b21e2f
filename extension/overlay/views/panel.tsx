import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { assertNever } from '../../../shared/errors.ts';
import { useOverlay } from '../context.ts';
import { useFocusCare } from '../focus.ts';
import { Icon } from '../icons.tsx';
import type { PartyView, Screen } from '../model.ts';
import { STEP_TEXT, summarizeParty } from '../summary.ts';
import { addToast } from '../toasts.ts';
import { useWaitClock } from '../wait-clock.ts';
import { Button } from './controls.tsx';
import { Following } from './following.tsx';
import { Idle } from './idle.tsx';
import { Invite } from './invite.tsx';
import { OwnCut } from './own-cut.tsx';
import { People } from './people.tsx';
import { PlaceCard } from './place.tsx';
import { ProblemCard } from './problem.tsx';
import { Queue } from './queue.tsx';
import { RulesFold } from './rules.tsx';
import { SettingsForm } from './settings.tsx';
import { Setup } from './setup.tsx';
import { Steering } from './steering.tsx';
import { Timing } from './timing.tsx';
import { GoOnButton } from './wait.tsx';

interface PanelProps {
  pinned: boolean;
  onPin: (pinned: boolean) => void;
  /** Opened by a person just now, not found open: only then does it take the focus. */
  takesFocus: boolean;
}

/** The party's window: problems first, then people, then what can be done. */
export function Panel({ pinned, onPin, takesFocus }: PanelProps) {
  const { model, actions, t } = useOverlay();
  const [settingsOpen, setSettingsOpen] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const screen = model.screen.value;
  const problem = model.problem.value;
  const { beside } = model.settings.value;
  useFocusCare(panel, takesFocus);

  const controlsShow = model.osdVisible.value || !model.playerVisible.value;
  const fades = !controlsShow && !pinned && !beside && !problem;
  // Without a control inside, the list itself must take the focus to be scrolled by keys.
  const readsOnly = screen.state === 'party' && !settingsOpen;
  const title = screen.state === 'party' ? screen.party.title : null;
  return (
    <div
      ref={panel}
      class={`panel surface ${fades ? 'faded' : ''} ${beside ? 'beside' : ''}`}
      role="dialog"
      aria-label={t('panel_label')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        event.preventDefault();
        actions.setPanelOpen(false);
      }}
    >
      <header>
        <div class="titles">
          <h2>{t('panel_label')}</h2>
          {title && (
            <p class="film" title={title}>
              <bdi>{title}</bdi>
            </p>
          )}
        </div>
        <Button kind="quiet" icon="close" label={t('panel_close')} onPress={() => actions.setPanelOpen(false)} />
      </header>
      <div class="body" tabIndex={readsOnly ? 0 : undefined}>
        {problem && <ProblemCard problem={problem} onSettings={() => setSettingsOpen(true)} />}
        {settingsOpen ? <SettingsForm onDone={() => setSettingsOpen(false)} /> : <Content screen={screen} />}
      </div>
      {screen.state === 'party' && !settingsOpen && <Invite party={screen.party} />}
      <Footer screen={screen}>
        <Button kind="quiet" icon="pin" label={t('panel_pin')} pressed={pinned} onPress={() => onPin(!pinned)} />
        <Button
          kind="quiet"
          icon="settings"
          label={t('panel_settings')}
          pressed={settingsOpen}
          onPress={() => setSettingsOpen(!settingsOpen)}
        />
      </Footer>
    </div>
  );
}

function Content({ screen }: { screen: Screen }) {
  const { t } = useOverlay();
  switch (screen.state) {
    case 'idle':
      return <Idle />;
    case 'setup':
      return <Setup key={screen.need} need={screen.need} />;
    case 'working':
      return (
        <div class="working" role="status">
          <Icon name="spinner" size={32} />
          <p>{t(STEP_TEXT[screen.step])}</p>
        </div>
      );
    case 'party':
      return <Party party={screen.party} />;
    default:
      return assertNever(screen);
  }
}

function Party({ party }: { party: PartyView }) {
  const { t } = useOverlay();
  const nowMs = useWaitClock(party.wait);
  const summary = summarizeParty(party, t, nowMs);
  return (
    <>
      <p class={`summary tone-${summary.tone}`}>
        <Icon name={summary.icon} />
        <span>{summary.text}</span>
      </p>
      {party.connection.state === 'reconnecting' && <p class="help">{t('connection_film_plays')}</p>}
      {party.wait && party.steers && <GoOnButton wait={party.wait} nowMs={nowMs} starts={party.preflight} />}
      {summary.advice && <p class="help">{summary.advice}</p>}
      <PlaceCard party={party} />
      <Steering party={party} />
      <People party={party} />
      {party.cutMs !== null && <OwnCut cutMs={party.cutMs} />}
      <Queue queue={party.queue} />
      <RulesFold party={party} />
      <Following follow={party.follow} />
      <Timing party={party} />
    </>
  );
}

function Footer({ screen, children }: { screen: Screen; children: ComponentChildren }) {
  const { model, actions, t } = useOverlay();
  const leave = () => {
    actions.leave();
    addToast(model, t('toast_you_left'));
  };
  return (
    <footer>
      {screen.state === 'party' && (
        <Button kind="danger" icon="leave" onPress={leave}>
          {t('leave_party')}
        </Button>
      )}
      {screen.state === 'working' && (
        <Button kind="quiet" onPress={() => actions.leave()}>
          {t('cancel')}
        </Button>
      )}
      <span class="space" />
      {children}
    </footer>
  );
}
