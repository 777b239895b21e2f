import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Icon, type IconName } from '../icons.tsx';

interface ButtonProps {
  onPress: () => void;
  kind?: 'main' | 'plain' | 'quiet' | 'danger' | undefined;
  icon?: IconName;
  /** For a button that shows only its icon; also its tooltip. */
  label?: string;
  pressed?: boolean;
  expanded?: boolean;
  /** One of several choices, of which one holds: see `Choices`. */
  chosen?: boolean;
  tabIndex?: number;
  busy?: boolean;
  class?: string;
  children?: ComponentChildren;
}

/**
 * A button that acts on Enter and Space itself: in Firefox jellyfin-web drops clicks that come from a key it did not
 * see (jellyfin-web.md section 5), and it sees none of the keys pressed in here.
 */
export function Button({
  onPress,
  kind = 'plain',
  icon,
  label,
  pressed,
  expanded,
  chosen,
  tabIndex,
  busy = false,
  ...rest
}: ButtonProps) {
  const byKey = useRef(false);
  const press = () => {
    if (!busy) onPress();
  };
  const iconOnly = label !== undefined && rest.children === undefined;
  return (
    <button
      type="button"
      class={`button ${kind} ${iconOnly ? 'icon-only' : ''} ${rest.class ?? ''}`}
      aria-label={label}
      title={label}
      {...(chosen !== undefined && { role: 'radio', 'aria-checked': chosen })}
      tabIndex={tabIndex}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-disabled={busy || undefined}
      onKeyDown={(event) => {
        if (!isPressKey(event)) return;
        event.preventDefault();
        byKey.current = true;
        if (!event.repeat) press();
      }}
      onKeyUp={(event) => {
        if (isPressKey(event)) event.preventDefault();
        byKey.current = false;
      }}
      onBlur={() => {
        byKey.current = false;
      }}
      onClick={() => {
        if (!byKey.current) press();
      }}
    >
      {icon && <Icon name={icon} />}
      {rest.children}
    </button>
  );
}

const isPressKey = (event: KeyboardEvent): boolean =>
  (event.key === 'Enter' || event.key === ' ') && !event.ctrlKey && !event.altKey && !event.metaKey;

interface TextFieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  onEnter?: () => void;
  placeholder?: string;
  help?: string;
  /** Brings up the keyboard for addresses. Not `type=url`: browsers refuse half-typed ones, which we repair. */
  address?: boolean;
}

/** A labelled text box; Enter does what the form's button does. */
export function TextField({ label, value, onInput, onEnter, placeholder, help, address = false }: TextFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={address ? 'url' : 'text'}
        value={value}
        placeholder={placeholder}
        aria-describedby={help ? `${id}-help` : undefined}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.isComposing || !onEnter) return;
          event.preventDefault();
          onEnter();
        }}
      />
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

interface SwitchProps {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  help?: string;
}

/** An on/off choice; a button and not a checkbox, for the same reason as `Button`. */
export function Switch({ label, on, onChange, help }: SwitchProps) {
  return (
    <div class="field">
      <Button class="switch" kind="quiet" pressed={on} onPress={() => onChange(!on)}>
        <span>{label}</span>
        <span class="switch-track" aria-hidden="true" />
      </Button>
      {help && <p class="help">{help}</p>}
    </div>
  );
}
