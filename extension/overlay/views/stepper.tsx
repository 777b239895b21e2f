import type { ComponentChildren } from 'preact';
import { Button } from './controls.tsx';

interface StepperProps {
  /** What is set, for who does not see it. */
  label: string;
  value: number;
  /** As far as it goes either way, in the value's unit. */
  limit: number;
  step: number;
  /** What PageUp and PageDown do. */
  page: number;
  /** The value in words. */
  text: string;
  less: string;
  more: string;
  onChange: (value: number) => void;
  children?: ComponentChildren;
}

/** A number that is set by ear or eye, a little at a time: by buttons, or by the keys that number fields know. */
export function Stepper({ label, value, limit, step, page, text, less, more, onChange, children }: StepperProps) {
  const by = (amount: number) => onChange(Math.max(-limit, Math.min(limit, value + amount)));
  const keys: Record<string, number> = {
    ArrowUp: step,
    ArrowRight: step,
    ArrowDown: -step,
    ArrowLeft: -step,
    PageUp: page,
    PageDown: -page,
  };
  return (
    <div class="stepper">
      <Button icon="minus" label={less} onPress={() => by(-step)} />
      <span
        class="stepper-value"
        role="spinbutton"
        tabIndex={0}
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={-limit}
        aria-valuemax={limit}
        aria-valuetext={text}
        onKeyDown={(event) => {
          const amount = keys[event.key];
          if (amount === undefined) return;
          event.preventDefault();
          by(amount);
        }}
      >
        {text}
      </span>
      <Button icon="plus" label={more} onPress={() => by(step)} />
      {children}
    </div>
  );
}
