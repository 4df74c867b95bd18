import type { Asked } from '../../../../knowledge/partner-row';
import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import type { Site } from '../../sites';

/**
 * One of the row's own calls (`strong`; `call` is how it is called) stands in the place of one that the row's `behind` matches (`plain`), for the same thing. `off`: with interrupts off,
 * as the function's own lines have it, and else `unseen`; `undo`: what released the lock that it took.
 */
export function insteadOf(change: Change, row: Asked): readonly Finding[] {
	const names = new Set(row.calls ?? []);
	const weaker = new RegExp(`^(?:${row.behind ?? '(?!)'})$`);
	const strong = added(change).find(({ api }) => names.has(api));
	const plain = strong && removed(change).find(({ api, args }) => weaker.test(api) && (args.length === 0 ? strong.args.length === 0 : args.some((arg) => strong.args.includes(arg))));
	// What is cleared here in any case is so on both sides.
	if (!plain || change.now.some(({ api }) => api === plain.api)) return [];
	const undo = removed(change).find(({ row, args }) => row?.effect === 'unlock' && args.some((arg) => plain.args.includes(arg)));
	const found: Finding = { words: { call: strong.text, strong: strong.api, plain: plain.api, given: plain.args[0] ?? '', [isWithIrqsOff(change, plain) ? 'off' : 'unseen']: '1', ...(undo ? { undo: undo.api } : {}) }, tells: 'fixes' };
	// The queue that it comes from may be empty in the assumed world.
	return [found, { ...found, outline: ['irq-unsafe-lock'], inPart: true }];
}

/** Between what puts interrupts off and what lets them come again, by the order of the lines, with none out of sight between them. */
function isWithIrqsOff({ before: { fn }, old }: Change, at: Site): boolean {
	const last = old.filter(({ start }) => start < at.start).findLast((each) => turns(each) !== 0);
	return last !== undefined && turns(last) > 0 && !fn.gaps.some((line) => line >= last.line && line <= at.line);
}

/** 1: puts them off, -1: lets them come. */
function turns({ row }: Site): number {
	if (row?.effect === 'context') return row.which === 'hardirq' ? Math.sign(row.delta) : 0;
	if (row?.effect === 'lock') return row.irq === 'off' || row.irq === 'save' ? 1 : 0;
	return row?.effect === 'unlock' && (row.irq === 'on' || row.irq === 'restore') ? -1 : 0;
}
