import { said, whereOf } from '../place';
import { before, type Statement } from '../statement';
import { isAcquire, isRelease, releaseOf, vocabulary } from '../vocabulary';
import { candidate, type Way } from './way';

const COST = 2;
/** Ways out, and releases, that are tried. */
const RETURNS_BOUND = 6;
const RELEASES_BOUND = 4;

const KEPT: ReadonlySet<string> = new Set(['lock-held-at-return', 'refcount-leak', 'deadlock', 'assertion', 'unlock-not-held', 'pinned-after-free']);

/** What is still held is released before a way out of the function: by a release that the function, or another one, has elsewhere. */
export const releaseAtReturn: Way = function* ({ place, places, failure, pre, post, table }) {
	if (!KEPT.has(failure.check)) return;
	const { after, statements, lines, onSchedule, image } = place;
	const last = onSchedule.at(-1) ?? 0;
	const outs = statements.filter(({ node }) => node.type === 'return_statement' || node.type === 'goto_statement');
	// The patch's own ways out first, then the next one behind the schedule's last line.
	const weight = (each: Statement): number => (image.changed[each.line - 1] ? 0 : 1000) + (each.line >= last ? each.line - last : 500 + last - each.line);
	const ways = [...outs].sort((a, b) => weight(a) - weight(b)).slice(0, RETURNS_BOUND);
	const releases: string[] = [];
	for (const word of vocabulary(place, places.filter((each) => each === place), pre, post, (site) => isRelease(site) || isAcquire(site))) {
		const texts = isRelease(word.site) ? [word.text] : releaseOf(word, table);
		for (const text of texts) if (!releases.includes(text)) releases.push(text);
		if (releases.length >= RELEASES_BOUND) break;
	}
	const final = statements.filter(({ line, endLine }) => line > after.fn.body.line && endLine < after.fn.endLine).at(-1);
	for (const [index, release] of releases.entries()) {
		for (const [rank, way] of ways.entries()) {
			const text = release.endsWith(';') ? release : `${release};`;
			const edits = before(way, text, lines);
			if (edits) yield candidate(place, edits, `${said(release)} before ${said(way.node.text)} in ${place.name}() (${whereOf(place, way.line)})`, COST + 0.1 * rank + 0.3 * index);
		}
		const closing = after.fn.endLine;
		if (final && !/^(return|goto)_statement$/.test(final.node.type) && !after.fn.tailElided && (lines[closing - 1] ?? '').trim() === '}') {
			yield candidate(place, [{ at: closing - 1, remove: 0, insert: [`\t${release};`] }], `${said(release)} at the end of ${place.name}() (${whereOf(place, closing)})`, COST + 0.3 * index + 0.1);
		}
	}
};
