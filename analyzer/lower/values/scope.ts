import type { Lowering } from '../lowering';
import { goesTo } from '../elided/passage';
import type { Frame } from '../frame';

export function lookup(l: Lowering, name: string): ReturnType<Frame['locals']['get']> {
	return l.frame.locals.get(name);
}

/** Runs in the frame of a call's argument. */
export function within<T>(l: Lowering, frame: Frame, run: () => T): T {
	const saved = l.frame;
	l.frame = frame;
	try {
		return run();
	} finally {
		l.frame = saved;
	}
}

/** Runs the cleanups of all scopes above the first `keep`, innermost first. */
export function leave(l: Lowering, keep: number): void {
	for (let depth = l.frame.scopes.length - 1; depth >= keep; depth--) {
		for (const cleanup of [...(l.frame.scopes[depth]?.cleanups ?? [])].reverse()) cleanup();
	}
}

/** Goes to a label of the function by a `goto`, out of the scopes that it does not lie in; false where nobody shows the label. */
export function goTo(l: Lowering, name: string): boolean {
	const { frame } = l;
	const target = frame.labels.get(name);
	if (!target) return false;
	goesTo(frame, name);
	const kept = frame.scopes.findIndex((scope) => !target.scopes.has(scope.id));
	leave(l, kept < 0 ? frame.scopes.length : kept);
	l.emitter.jump(target.label);
	return true;
}
