import { isNamed } from '../../../../knowledge/namings';
import type { Asked } from '../../../../knowledge/partner-row';
import { holdsByName } from '../../../../lower/unmodelled';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { lastWord, placeText, rootOf, type Site, sitesOf } from '../../sites';
import { statementsOf } from '../../twins';
import { drops } from './missing-drop';

/**
 * What is started by `queue`, one of the row's calls, has a reference of `object`: the function takes it, by `get` (or `found`, which looks the object up), and gives it back by `drop` where it started nothing; `pending` asks
 * whether that will be so. The two sides do that differently. Of a call that answers whether something was `pending` before, `vain` is 1. `asked`: the side after only asks ahead, and so the reference may still be one too many, or too few.
 */
export function startReferences(change: Change, { calls = [], behind }: Asked): readonly Finding[] {
	const truthful = behind ? new RegExp(`^(?:${behind})$`) : null;
	const isStart = ({ api }: Site): boolean => calls.includes(api) || truthful?.test(api) === true;
	const [before, after] = [accountOf(change, change.old, isStart), accountOf(change, change.now, isStart)];
	if (!before || !after || before.what !== after.what || before.written === after.written || !(before.get || after.get || before.found || after.found)) return [];
	const one = (key: 'get' | 'found' | 'drop' | 'pending'): string | null | undefined => (before[key] && after[key] && before[key] !== after[key] ? null : (after[key] ?? before[key]));
	const [get, found, drop, pending] = [one('get'), one('found'), one('drop'), one('pending')];
	if (get === null || found === null || drop === null || pending === null || before.queue !== after.queue || isCallback(change, after.what)) return [];
	const struct = structOf(change, after.object);
	if (found !== undefined && struct === null) return [];
	const words = {
		queue: after.queue, call: after.call, object: after.object, vain: truthful?.test(after.queue) ? '1' : '0', ...(get ? { get } : {}), ...(found ? { found, struct: struct ?? '' } : {}), ...(drop ? { drop } : {}), ...(pending ? { pending } : {}),
	};
	const asksAhead = after.pending !== undefined && !after.answered && !before.answered;
	return [{ words, tells: 'either' }, ...(asksAhead ? [{ words: { ...words, asked: '1' }, tells: 'still-fails' as const }] : [])];
}

interface Account {
	readonly queue: string;
	readonly call: string;
	/** The member that is started, and what it lies in. */
	readonly what: string;
	readonly object: string;
	readonly get?: string;
	readonly found?: string;
	readonly drop?: string;
	readonly pending?: string;
	/** Somebody looks at what the call answers. */
	readonly answered: boolean;
	/** All of it, in its order. */
	readonly written: string;
}

/** What one side does about the reference of the one thing that it starts; undefined where that is not all in sight. */
function accountOf(change: Change, sites: readonly Site[], isStart: (site: Site) => boolean): Account | undefined {
	const { table } = change.post.sources;
	const starts = sites.filter(isStart);
	const [start] = starts;
	if (!start || starts.length > 1 || !start.row || !('at' in start.row)) return undefined;
	const place = placeText(start, start.row.at as string) ?? '';
	const object = rootOf(place);
	if (!object || !/->|\./.test(place)) return undefined;
	const body = (sites === change.now ? change.after : change.before).fn.body;
	const ofIt = (site: Site): boolean => site.args.some((arg) => rootOf(arg) === object);
	const takes = sites.filter((site) => (site.row?.effect === 'get' || (site.row === null && holdsByName(site.api))) && ofIt(site));
	const finds = sites.filter((site) => site.row === null && site.start < start.start && new RegExp(`(?<![\\w.>])${object}\\s*=\\s*$`).test(body.text.slice(0, site.start - body.start)));
	const gives = sites.filter((site) => drops(change)(site) && ofIt(site));
	const asks = sites.filter((site) => isNamed(table, 'asks-pending', site.api) && site.args.some((arg) => lastWord(arg) === lastWord(place)));
	const all = [...takes, ...gives];
	if (new Set(takes.map(({ api }) => api)).size > 1 || new Set(gives.map(({ api }) => api)).size > 1 || sites.some((site) => (takes.some(({ api }) => api === site.api) || gives.some(({ api }) => api === site.api)) && !all.includes(site))) return undefined;
	const [get, found, drop, pending] = [takes[0]?.api, holdsFound(change, finds[0]) ? finds[0]?.api : undefined, gives[0]?.api, asks[0]?.api];
	return {
		queue: start.api, call: start.text, what: lastWord(place), object, ...(get ? { get } : {}), ...(found ? { found } : {}), ...(drop ? { drop } : {}), ...(pending ? { pending } : {}),
		answered: !statementsOf(body).some(({ type, start: from, text }) => type === 'expression_statement' && from === start.start && text.startsWith(start.api)),
		written: body.text.replace(/\s+/g, ''),
	};
}

/** What it hands out comes with a reference: it takes one, as far as it is in sight, or its name says so. */
function holdsFound({ post }: Change, site: Site | undefined): boolean {
	if (!site) return false;
	const definition = post.functions.get(site.api);
	return definition ? sitesOf(definition, post).some(({ row, api }) => row?.effect === 'get' || row?.effect === 'get-unless-zero' || holdsByName(api)) : holdsByName(site.api);
}

/** The function is itself what is started: it has the reference that it goes on with. */
const isCallback = ({ name, post }: Change, what: string): boolean => post.registrations().some(({ callback, key }) => callback === name && key.endsWith(what));
