import type { LineEdit } from '../edit';
import { type Place, said, whereOf } from '../place';
import { assigns, before, callOf, leaves, namesIn, type Statement } from '../statement';
import { isAcquire, isRelease, waits } from '../vocabulary';
import { candidate, type Way } from './way';

const COST = 3;
/** Statements that one is moved over at most, and that are moved. */
const DISTANCE_BOUND = 10;
const MOVED_BOUND = 8;

/**
 * A release to behind what is still done with the thing, an acquire or a check to before it: within its block, and never over what gives its words a value, nor over
 * a way out, but that a release goes before each return on its way too.
 */
export const move: Way = function* ({ place, post }) {
	const { statements, now, onSchedule, image } = place;
	const matters = ({ line, endLine }: Statement): boolean => onSchedule.some((at) => at >= line && at <= endLine);
	let moved = 0;
	for (const each of statements) {
		if (each.bare || !(matters(each) || image.changed[each.line - 1]) || moved >= MOVED_BOUND) continue;
		const call = callOf(each);
		const site = call && !call.kept ? now.find(({ line, api }) => line === each.line && api === call.api) : undefined;
		const check = each.node.type === 'if_statement' && leaves(each.node) && each.node.field('alternative') === null;
		if (!site && !check) continue;
		const unknown = site !== undefined && site.row === null && (post.sources.model(site.api) !== null || post.functions.has(site.api));
		const cell = site?.row !== null && site !== undefined && /^(store|rmw|cas|bit)$/.test(site.row.effect);
		const [later, earlier] = [site !== undefined && (isRelease(site) || unknown || cell || isAcquire(site)), check || (site !== undefined && (isAcquire(site) || waits(site) || unknown || cell))];
		if (!later && !earlier) continue;
		moved++;
		for (const step of [1, -1]) {
			if (!(step > 0 ? later : earlier)) continue;
			const exits: LineEdit[] = [];
			for (const [distance, over] of passed(each, step, step > 0 && site !== undefined && isRelease(site))) {
				const more = returnsIn(place, over, each.node.text);
				if (!more) break;
				exits.push(...more);
				if (!matters(over) && !image.changed[over.line - 1]) continue;
				const at = step > 0 ? over.endLine : over.line - 1;
				yield candidate(place, [
					...exits,
					{ at, remove: 0, insert: place.lines.slice(each.line - 1, each.endLine) },
					{ at: each.line - 1, remove: each.endLine - each.line + 1, insert: [] },
				], `${said(check ? `the test ${firstLine(each)}` : each.node.text)} moved ${step > 0 ? 'behind' : 'to before'} ${firstLine(over)} in ${place.name}() (${whereOf(place, over.line)})`, COST + 0.1 * distance);
			}
		}
	}
};

const firstLine = ({ node }: Statement): string => said(node.text.split('\n')[0] ?? '');

/** The text before each return in the statement; null where it does not fit there. */
function returnsIn({ statements, lines }: Place, { line, endLine }: Statement, text: string): readonly LineEdit[] | null {
	const own = statements.filter((each) => each.node.type === 'return_statement' && each.line >= line && each.endLine <= endLine);
	const edits = own.map((each) => before(each, text, lines));
	return edits.includes(null) ? null : edits.flatMap((each) => each ?? []);
}

/** The statements that it can be moved over, one by one. */
function* passed(each: Statement, step: number, overReturns: boolean): Generator<readonly [number, Statement]> {
	const from = each.block.indexOf(each);
	const [own, given] = [namesIn(each.node), assigns(each.node)];
	const check = each.node.type === 'if_statement';
	for (let distance = 1; distance <= DISTANCE_BOUND; distance++) {
		const over = each.block[from + step * distance];
		if (!over || leaves(over.node, !overReturns || over.node.type === 'return_statement') || over.node.type === 'declaration') return;
		const set = assigns(over.node);
		// Fields may be set under it: only what it goes by itself stands in its way.
		if ([...set].some((name) => own.has(name) && !new RegExp(`(->|\\.)\\s*${name}\\b`).test(each.node.text)) || (check && [...set].some((name) => own.has(name))) || [...given].some((name) => namesIn(over.node).has(name))) return;
		yield [distance, over];
	}
}
