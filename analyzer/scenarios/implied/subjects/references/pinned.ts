import { beginsWith, isNamed } from '../../../../knowledge/namings';
import { LOCKING } from '../../steps';
import { added, type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, type Site } from '../../sites';
import type { Point } from '../../sections';
import { twinsOf } from '../../point-twins';

/**
 * `pin` and `unpin`, whose names pair up, keep something there around the marked statement on one side only; `pin` answers `failed` when it is gone, else
 * `found`.
 */
export function pinned(change: Change): readonly Finding[] {
	const come = added(change).filter(({ row, api }) => !(row && LOCKING.has(row.effect)) && row?.effect !== 'context' && !OTHERS.test(api));
	return come.flatMap((pin): readonly Finding[] => {
		const stem = isNamed(change.post.sources.table, 'pins', pin.api) ? stemOf(pin.api) : null;
		const unpin = stem === null ? undefined : come.findLast(({ api, start }) => start > pin.start && isNamed(change.post.sources.table, 'unpins', api) && stemOf(api) === stem);
		const answers = unpin && stem !== '' ? answer(change, pin) : null;
		if (!unpin || !answers || change.old.some(({ api }) => api === pin.api)) return [];
		const used = twinsOf(change).find(({ after }) => after.node.start > pin.start && after.node.start < unpin.start && works(change, after));
		return used ? [{ words: { ...answers, pin: pin.api, unpin: unpin.api, call: pin.text }, tells: 'fixes', marked: { before: used.before.node, after: used.after.node } }] : [];
	}).slice(0, 1);
}

const VERBS = new Set(['get', 'tryget', 'hold', 'grab', 'pin', 'enter', 'acquire', 'ref', 'use', 'put', 'release', 'drop', 'unpin', 'exit', 'leave', 'unref', 'unuse', 'deref', 'try', 'live', 'many', 'unless', 'not', 'zero', 'active', '']);
/** Power, clocks, and what only looks like a pair. */
const OTHERS = /^(?:pm_|clk_|regulator_|usb_autopm|phy_|gpio|of_|fwnode_|icc_|reset_|pinctrl_|get_user|put_user|get_cpu|put_cpu|get_unaligned|put_unaligned|get_random|lock|unlock|trace_|in_)|runtime|power|clock|autosuspend|cpus?_(?:get|put)/;

const stemOf = (api: string): string => api.split('_').filter((each) => !VERBS.has(each)).join('_');

/** What it answers, by how it is asked. null: it is not, or not like that. */
function answer(change: Change, { api }: Site): Readonly<Record<string, string>> | null {
	const text = change.after.fn.body.text;
	const call = `${escaped(api)}\\s*\\(`;
	if (new RegExp(`\\bif\\s*\\(\\s*(?:unlikely\\s*\\(\\s*)?!\\s*${call}|\\bif\\s*\\(\\s*(?:likely\\s*\\(\\s*)?${call}`).test(text)) return { failed: '0', found: '1' };
	const given = new RegExp(`\\b(\\w+)\\s*=\\s*${call}`).exec(text)?.[1];
	if (!given) return null;
	if (new RegExp(`(?:!\\s*|\\bIS_ERR(?:_OR_NULL)?\\(\\s*)${given}\\b`).test(text)) {
		const struct = structOf(change, given);
		return { failed: '0', found: struct ? `INSTANCE(${struct})` : '1' };
	}
	return new RegExp(`\\bif\\s*\\(\\s*(?:unlikely\\s*\\(\\s*)?${given}\\b`).test(text) ? { failed: '-19', found: '0' } : null;
}

/** Something is done there that is more than a lock, or words. */
function works({ post }: Change, { node, text }: Point): boolean {
	const api = /\b([a-z_]\w*)\s*\(/.exec(text.replace(/\b(?:un)?likely\s*\(/g, '('))?.[1];
	const row = api === undefined ? undefined : post.sources.table.rows.get(api);
	return node.type !== 'return_statement' && !beginsWith(post.sources.table, 'only-tells', text) && (api === undefined ? /->/.test(text) : !(row && (LOCKING.has(row.effect) || row.effect === 'none')));
}
