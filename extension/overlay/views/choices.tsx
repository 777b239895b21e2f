import { Button } from './controls.tsx';

interface ChoicesProps<Value extends string | number> {
  label: string;
  choices: readonly { value: Value; word: string }[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * One of a few, all in sight. Arrow keys go from one to the next and choose nothing on the way, because each choice is
 * everybody's; Enter and Space do.
 */
export function Choices<Value extends string | number>({ label, choices, chosen, onChoose }: ChoicesProps<Value>) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  return (
    <div class="choices" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {choices.map(({ value, word }) => (
        <Button
          key={value}
          class="choice"
          chosen={value === chosen}
          tabIndex={value === chosen ? 0 : -1}
          onPress={() => onChoose(value)}
        >
          {word}
        </Button>
      ))}
    </div>
  );
}
