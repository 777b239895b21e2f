import { render } from 'preact';
import { t } from '../platform/i18n.ts';
import { loadSettings, saveSettings } from '../platform/settings.ts';
import { Options } from './view.tsx';

document.title = t('options_title');
const settings = await loadSettings();
render(<Options settings={settings} t={t} save={saveSettings} />, document.body);
