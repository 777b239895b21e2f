import { useRef, useState } from 'preact/hooks';
import { useOverlay } from './context.ts';
import { useFocusReturn } from './focus.ts';
import { accentColours } from './theme.ts';
import { Panel } from './views/panel.tsx';
import { Pill } from './views/pill.tsx';
import { StartCover } from './views/place.tsx';
import { Toasts } from './views/toasts.tsx';

/** Everything people see over the page. */
export function App() {
  const { model, t } = useOverlay();
  const [pinned, setPinned] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const open = model.panelOpen.value;
  useFocusReturn(element, open);
  const { accent, light } = model.theme.value;
  const colours = accentColours(accent);
  return (
    <div
      ref={element}
      class="osp"
      lang={t('language_tag')}
      data-theme={light ? 'light' : 'dark'}
      data-over={model.playerVisible.value ? 'player' : 'page'}
      style={{ '--accent': colours.accent, '--on-accent': colours.onAccent }}
    >
      <div class="top">
        <div class="pill-place">
          <Pill />
        </div>
        <Toasts />
      </div>
      <StartCover />
      {open && <Panel pinned={pinned} onPin={setPinned} takesFocus={model.panelTakesFocus} />}
    </div>
  );
}
