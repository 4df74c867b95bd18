import { beginsWith, isNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { BREAKS } from './held-off';
import type { Site } from '../../sites';
import { outermost } from '../../outermost';
import { nextOf, statementAt, twins } from '../../twins';
import { told, written } from '../../steps';

/**
 * A call that the patch adds waits, by its name (`wait`; `call` is how it is called), before `acts`, which both sides have: that is marked, and what asks for the wait
 * is the earlier mark, on the side after.
 */
export function waitedFor(change: Change): readonly Finding[] {
	for (const site of change.now) {
		if (change.ways.get(site) !== 'added' || !waits(change, site)) continue;
		const own = statementAt(change.after.fn.body, site.line);
		const marked = own ? behind(change, own) : undefined;
		const at = marked ? outermost(change, site, marked.after) : undefined;
		if (!at || !marked) continue;
		const found: Finding = { words: { wait: site.api, call: site.text, acts: told(written(marked.after)) }, tells: 'fixes', marked, earlier: { before: undefined, after: at } };
		return [found, { ...found, outline: BREAKS, inPart: true }];
	}
	return [];
}

/** Effects of calls that have subjects of their own. */
const OWN: ReadonlySet<string> = new Set(['cancel', 'flush', 'rcu-sync', 'wait-completion', 'wait-event', 'lock', 'unlock']);

const waits = (change: Change, { api, row }: Site): boolean => isNamed(change.post.sources.table, 'waits-for-somebody', api) && !isNamed(change.post.sources.table, 'waits-for-nobody', api) && !(row && row.partial !== true && (OWN.has(row.effect) || (row.effect === 'none' && row.sleeps !== true))) && !change.post.functions.has(api);

/** What is done behind it: the first statement that is done to something, on both sides. */
function behind(change: Change, from: CNode): { readonly before: CNode; readonly after: CNode } | undefined {
	const kept = twins(change);
	let at: CNode | null = from;
	for (let steps = 0; at && steps < STEPS_BOUND; steps++) {
		at = nextOf(change.after.fn.body, at);
		const found = at ? kept.find(({ after }) => after === at || (after.start === at?.start && after.type === at.type)) : undefined;
		if (found && /->|\w\s*\(/.test((found.after.field('condition') ?? found.after).text) && !beginsWith(change.post.sources.table, 'only-tells', found.after.text) && !/^return\b|^(?:mutex|spin|up|down|inode)_\w*(?:un)?lock\w*\s*\(/.test(found.after.text)) return found;
	}
	return undefined;
}

/** Statements behind the wait that are looked at. */
const STEPS_BOUND = 6;
