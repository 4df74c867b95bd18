import type { CheckName } from '../../../sim';
import type { Party } from '../../lower/party';
import type { Patch } from '../../mail/patch';
import { sentences } from '../../mail/sentences';
import type { Change } from '../implied/change';
import { type ImpliedScenario, thread } from '../implied/partner';
import { statementsOf } from '../implied/twins';
import type { Claim } from './claim';
import { quoted } from './window';

const OTHER = 'another_thread';
const CELL = 'INSTANCE(told)->__in_between';
const OF_TWO: ReadonlySet<CheckName> = new Set(['check-then-act', 'lost-data', 'use-after-free', 'data-race', 'irq-unsafe-lock', 'deadlock']);
/** Several functions, one beside the other. */
const GROUP = /\b(\w+)\(\)((?:\s*(?:,|\/|and|or|&|as well as)\s*(?:and\s+|or\s+|in\s+)?\w+\(\))+)/g;
/** What they lack. */
const LACKS = /\b(?:without|lacks?|lacking|missing|forg[eo]t\w*|fails? to|omit\w*)\b/i;
/** More than one way. */
const SEVERAL = /\b(?:a couple of|two|three|several|both|multiple|many|various)\s+(?:\w+\s+){0,2}(?:cases|places|paths|exits|spots|sites|returns|branches|locations|ways)\b/i;
/** Two that meet, or of which one calls the other one. */
const NOT_ALIKE = /\b(?:between|calls?|called|against|racing|races? with|vs|versus|from|via|through|like|unlike|whereas|while|pairs?)\b/i;

/** The mail names several functions that lack the same, and the patch gives it to some of them: the others are as they were. */
export function leftOut(change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose' | 'subject' | 'from' | 'files'>): ImpliedScenario | null {
	const several = otherWaysOut(change, claims);
	if (several) return several;
	const claim = claims.find(({ check }) => OF_TWO.has(check));
	if (!claim) return null;
	const { post, pre, name } = change;
	const shown = patch.files.flatMap((file) => file.hunks.flatMap(({ lines, section }) => [section ?? '', ...lines.map(({ text }) => text)])).join('\n');
	const said = [{ text: patch.subject }, ...sentences(patch.prose)];
	for (const { text } of said) {
		if (!LACKS.test(text) || NOT_ALIKE.test(text)) continue;
		for (const [group] of text.matchAll(GROUP)) {
			const names = [...group.matchAll(/(\w+)\(\)/g)].map(([, each = '']) => each);
			const left = names.find((each) => !post.changed.includes(each) && !pre.changed.includes(each) && !new RegExp(`\\b${each}\\b`).test(shown));
			if (!names.includes(name) || !left) continue;
			return stays(change, claim.check, left, text, `${left}() lacks what the patch gives to ${name}()`);
		}
	}
	return null;
}

/** Of several ways out that keep the lock, as the mail has it, the patch lets one give it back, and the function is shown in part: the other ones are out of sight. */
function otherWaysOut(change: Change, claims: readonly Claim[]): ImpliedScenario | null {
	const claim = claims.find(({ check, of }) => check === 'lock-held-at-return' && of === undefined);
	const own = change.now.filter(({ changed }) => changed);
	const [only] = own;
	if (!claim || !SEVERAL.test(claim.text) || change.whole || own.length !== 1 || only?.row?.effect !== 'unlock' || change.old.some(({ changed }) => changed)) return null;
	const block = statementsOf(change.after.fn.body).find((node) => node.type === 'if_statement' && node.start < only.start && only.start < node.end && /\b(?:goto \w+|return\b[^;]*);\s*\}\s*$/.test(node.field('consequence')?.text ?? ''));
	return block ? stays(change, claim.check, 'another_way_out', claim.text, `the patch gives the lock back on one way out of ${change.name}(), and the mail speaks of several`) : null;
}

/** Who is left out, as the mail has him, beside another one: alike on both sides. */
function stays(change: Change, check: CheckName, left: string, text: string, says: string): ImpliedScenario | null {
	const self = thread(change, left, '', `\tWRITE_ONCE(${CELL}, 0);\n\tCHECK("${check}", READ_ONCE(${CELL}) != 1, "another thread comes: ${says}");`);
	const other = thread(change, OTHER, '', `\tWRITE_ONCE(${CELL}, 1);`);
	if (!self || !other) return null;
	const party = (name: string, entry: string, definition: typeof self): Party => ({ name, entry, definition, context: 'task', start: 'ready', runs: 1, modelled: true });
	const parties = [party('CPU0', left, self), party('CPU1', OTHER, other)];
	return {
		because: 'prose', reason: `${quoted(text)}. ${says}`,
		pre: parties, post: parties, entries: [left, OTHER], claimed: true, weight: 10, tells: 'still-fails',
	};
}
