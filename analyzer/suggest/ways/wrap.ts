import type { Table } from '../../knowledge/table';
import { said, whereOf } from '../place';
import { leaves, type Statement } from '../statement';
import { isLock, releaseOf, vocabulary, type Word } from '../vocabulary';
import { candidate, type Way } from './way';

const COST = 5;
/** Locks that are tried, and variants of one. */
const LOCKS_BOUND = 4;

/** The window on the schedule under a lock that the code has: the statements of one block from the first that is on it to the last. */
export const wrap: Way = function* ({ place, places, failure, pre, post, table }) {
	if (failure.check === 'deadlock' || failure.check === 'sleep-in-atomic' || failure.check === 'irq-unsafe-lock' || place.onSchedule.length === 0) return;
	const windows = windowsOf(place.statements, place.onSchedule);
	let locks = 0;
	for (const word of vocabulary(place, places, pre, post, isLock)) {
		if (locks++ >= LOCKS_BOUND) return;
		for (const [variant, { lock, unlock }] of variants(word, table).entries()) {
			if (!unlock) continue;
			for (const [rank, [first, last]] of windows.entries()) {
				yield candidate(place, [
					{ at: first.line - 1, remove: 0, insert: [`${first.indent}${lock};`] },
					{ at: last.endLine, remove: 0, insert: [`${first.indent}${unlock};`] },
				], `${said(lock)} around lines ${whereOf(place, first.line)} to ${whereOf(place, last.endLine)} in ${place.name}()`, COST + 0.2 * locks + 0.1 * variant + 0.05 * rank);
			}
		}
	}
};

/** From the narrowest to the widest block: the statements from the first to the last that the schedule runs through, where no way leads out between. */
function windowsOf(statements: readonly Statement[], onSchedule: readonly number[]): readonly (readonly [Statement, Statement])[] {
	const found: (readonly [Statement, Statement])[] = [];
	for (const block of new Set(statements.map((each) => each.block))) {
		const own = block.filter(({ line, endLine, bare }) => !bare && onSchedule.some((at) => at >= line && at <= endLine));
		const [first, last] = [own[0], own.at(-1)];
		if (!first || !last || first.node.type === 'declaration') continue;
		const between = block.slice(block.indexOf(first), block.indexOf(last) + 1);
		if (!between.some(({ node }) => leaves(node) || node.type === 'declaration')) found.push([first, last]);
		// Its end may be the function's own way out.
		else if (between.slice(0, -1).every(({ node }) => !leaves(node) && node.type !== 'declaration') && between.length > 1) found.push([first, between.at(-2) ?? first]);
	}
	return found.sort((a, b) => a[1].endLine - a[0].line - (b[1].endLine - b[0].line)).slice(0, 3);
}

/** The lock as it stands, and where interrupts may take it too, with interrupts off. */
function variants(word: Word, table: Table): readonly { readonly lock: string; readonly unlock: string | undefined }[] {
	const plain = word.text.replace(/^(\w*spin_lock)_irqsave\((.*),\s*\w+\)$/, '$1_irq($2)');
	const texts = [plain, ...(/^\w*spin_lock\(/.test(plain) ? [plain.replace(/spin_lock\(/, 'spin_lock_irq('), plain.replace(/spin_lock\(/, 'spin_lock_bh(')] : [])];
	return texts.map((lock) => {
		const api = /^\w+/.exec(lock)?.[0] ?? '';
		const row = table.rows.get(api) ?? word.site.row;
		return { lock, unlock: releaseOf({ text: lock, site: { ...word.site, api, row } }, table)[0] };
	});
}
