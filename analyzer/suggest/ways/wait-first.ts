import { isNamed } from '../../knowledge/namings';
import { said, whereOf } from '../place';
import { before, callOf } from '../statement';
import { isRelease, vocabulary, waits } from '../vocabulary';
import { candidate, type Way } from './way';

const COST = 4;
const WAITS_BOUND = 4;
const PLACES_BOUND = 3;

/** Before something is freed or dropped on the schedule: what the code has elsewhere to wait for who may still use it. */
export const waitFirst: Way = function* ({ place, places, pre, post, table }) {
	const { statements, now, onSchedule } = place;
	const drops = statements.filter((each) => onSchedule.some((at) => at >= each.line && at <= each.endLine) && callOf(each) !== null && now.some((site) => site.line === each.line && (isRelease(site) || (site.row === null && isNamed(table, 'gives-something-up', site.api)))));
	let told = 0;
	for (const word of vocabulary(place, places, pre, post, waits)) {
		if (told++ >= WAITS_BOUND) return;
		for (const [rank, each] of drops.slice(0, PLACES_BOUND).entries()) {
			const edits = before(each, `${word.text};`, place.lines);
			if (edits) yield candidate(place, edits, `${said(word.text)} before ${said(each.node.text)} in ${place.name}() (${whereOf(place, each.line)})`, COST + 0.1 * told + 0.05 * rank);
		}
	}
};
