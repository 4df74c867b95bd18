import { says } from '../../knowledge/phrases';
import type { CheckName } from '../../../sim';
import type { Patch } from '../../mail/patch';
import { sentences } from '../../mail/sentences';
import type { CNode } from '../../parse';
import type { Change } from '../implied/change';
import { heldAt, lastWord, lockOf, rootOf, type Site } from '../implied/sites';
import { told } from '../implied/steps';
import { takesReference } from '../implied/subjects/readers/read-section';
import { oldOf, statementAt } from '../implied/twins';
import type { Claim } from './claim';
import { isInSight, isOwn } from './places';
import type { Shortfall } from './window';

const SAID_OF: ReadonlySet<CheckName> = new Set(['use-after-free', 'check-then-act', 'refcount-underflow', 'data-race']);
const TAKEN = String.raw`\b(?:grab|tak|get|hold|bump|pin|acquir|increment|elevat|rais)\w*\b[^.]{0,60}\bref\w*\b`;
/** What the reference must be there before. */
const BEFORE = new RegExp(String.raw`${TAKEN}[^.]{0,40}\bbefore (?:calling |the call (?:to|of) |we call )?(\w+)\(\)`, 'i');
/** The lock under which it is taken. */
const UNDER = new RegExp(String.raw`${TAKEN}[^.]{0,40}\b(?:under|holding|with|protected by|inside)\b (?:the )?(?:\w+->)?(\w*_?(?:lock|mutex|sem|rwsem)\w*)\b`, 'i');

/** The patch's own reference comes behind what its mail says it is taken before, or behind the release of the lock under which it says it is taken: the last one may be dropped in between. */
export function heldLate(change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose' | 'subject'>): Shortfall | null {
	const claim = claims.find(({ check }) => SAID_OF.has(check));
	if (!claim) return null;
	const { now, after } = change;
	const said = sentences(patch.prose).filter(({ text }) => says(change.post.sources.table, 'demanded', text));
	for (const [at, site] of now.entries()) {
		const object = site.changed && takes(site) ? rootOf(site.args[0]?.replace(/^&/, '') ?? '') : null;
		const act = object ? statementAt(after.fn.body, site.line) : undefined;
		const earlier = now.slice(0, at);
		if (!object || !act || !isOwn(change, act) || (!site.row && !act.text.startsWith(site.api)) || earlier.some((each) => takes(each) && rootOf(each.args[0]?.replace(/^&/, '') ?? '') === object)) continue;
		for (const { text } of said) {
			const [call, lock] = [BEFORE.exec(text)?.[1], UNDER.exec(text)?.[1]];
			const late = earlier.findLast((each) => each.api === call) ?? (lock ? givenBack(change, at, lock) : undefined);
			const from = late && statementAt(after.fn.body, late.line);
			const old = from && oldOf(change, act);
			if (!late || !from || !old || !isInSight(change, from, act) || leaves(change, from, act)) continue;
			return {
				check: 'use-after-free', message: `the last reference on ${object} is dropped before \`${told(act.text)}\``, other: 'who_drops_the_last_one',
				said: text, reason: `\`${told(act.text)}\` comes behind \`${told(late.text)}\`: till then nothing keeps ${object}`,
				opens: { after: from }, opensAt: 'before', ends: { before: old, after: act },
			};
		}
	}
	return null;
}

const takes = ({ row, api }: Site): boolean => (row ? row.effect === 'get' : takesReference(api));

/** Where the lock of that name was given back last before the call, which is made without it. */
function givenBack({ now }: Change, at: number, name: string): Site | undefined {
	const gives = (site: Site): boolean => site.row?.effect === 'unlock' && lastWord(lockOf(site) ?? '') === name;
	const held = [...heldAt(now, at).keys()].some((lock) => lastWord(lock) === name);
	return held ? undefined : now.slice(0, at).findLast((site) => gives(site));
}

/** The way from one to the other is not the only one that leads from there. */
const leaves = ({ after: { fn: { body } } }: Change, from: CNode, to: CNode): boolean => /\breturn\b|\bgoto\b|\bcontinue\b|\bbreak\b/.test(body.text.slice(from.end - body.start, to.start - body.start));
