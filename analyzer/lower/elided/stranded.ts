import type { CNode } from '../../parse/source';
import { INT } from '../values/ctype';
import { value } from '../emitted/emitter';
import type { Frame } from '../frame';
import type { Lowering } from '../lowering';
import { goTo } from '../values/scope';
import { LEAVES } from './passage';

/**
 * The gap at this line, 0 for the beginning, may go to labels behind it that nothing in sight goes to, or falls into; also to one that the patch moves a
 * line across, where the mail says that a lock stayed held on some way.
 */
export function goesOn(l: Lowering, gap: number): void {
	const { frame, emitter } = l;
	for (const name of strandedAt(frame, gap, l.reading.lockKept)) {
		if (!frame.labels.has(name)) continue;
		l.assumptions.add(`${frame.fn?.name ?? ''}() goes to ${name} in code that the patch does not show`);
		const chosen = l.unknown(`${frame.id}@to ${name}`, INT);
		l.interest(chosen, (interest) => { interest.truth = true; });
		const on = emitter.label();
		emitter.branch(l.alu('eq', chosen.operand, value(0)).operand, on);
		goTo(l, name);
		emitter.place(on);
	}
}

function strandedAt({ fn, file }: Frame, gap: number, lockKept: boolean): readonly string[] {
	if (!fn || (gap === 0 && !fn.headElided)) return [];
	const gotos = new Set(gotosIn(fn.body));
	const next = Math.min(Number.POSITIVE_INFINITY, ...fn.gaps.filter((line) => line > gap));
	// Labels of the function's outermost block: those inside others lie in code that may not be reached at all.
	return fn.body.named.flatMap((node, at) => {
		const ahead = fn.body.named.slice(0, at).findLast(({ type }) => type !== 'comment');
		const name = node.type === 'labeled_statement' ? (node.field('label')?.text ?? '') : '';
		const crossed = (): boolean => lockKept && [ahead, node.named.at(-1)].some((each) => each && file.place(each.line).changed);
		return name && node.line > gap && node.line < next && !gotos.has(name) && ahead && (LEAVES.has(ahead.type) || crossed()) ? [name] : [];
	});
}

const gotosIn = (node: CNode): readonly string[] => (node.type === 'goto_statement' ? [node.field('label')?.text ?? node.named[0]?.text ?? ''] : node.named.flatMap(gotosIn));
