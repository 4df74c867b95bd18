/** What a key does in the stepper. */
export type StepperAction =
	| 'forward' | 'back' | 'first' | 'last' | 'play' | 'next-switch' | 'previous-switch' | 'failure' | 'next-change' | 'table' | 'pre' | 'post' | 'open' | 'undo' | 'compare';

const KEYS: Readonly<Record<string, StepperAction>> = {
	ArrowRight: 'forward', ArrowDown: 'forward', j: 'forward', n: 'forward',
	ArrowLeft: 'back', ArrowUp: 'back', k: 'back', p: 'back',
	Home: 'first', End: 'last', ' ': 'play', Enter: 'open',
	s: 'next-switch', S: 'previous-switch', f: 'failure', c: 'next-change', t: 'table', b: 'compare', '1': 'pre', '2': 'post', u: 'undo',
};

/** Controls that use these keys themselves keep them: a button its Space and Enter, a list and the scrubber their arrows. */
function belongsToControl(event: KeyboardEvent): boolean {
	const target = event.composedPath()[0];
	if (!(target instanceof HTMLElement)) return false;
	if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement) return true;
	return (target instanceof HTMLButtonElement || target.localName === 'vscode-button') && (event.key === ' ' || event.key === 'Enter');
}

/** null: the key is not the stepper's. */
export function stepperKey(event: KeyboardEvent): StepperAction | null {
	if (event.ctrlKey || event.metaKey || event.altKey || belongsToControl(event)) return null;
	return KEYS[event.key] ?? null;
}
