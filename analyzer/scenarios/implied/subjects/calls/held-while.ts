import type { CNode } from '../../../../parse';
import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { escaped, placeText, type Site } from '../../sites';
import { steps } from '../../steps';
import { twins } from '../../twins';

/** One of the row's own calls takes a reference for the time of a piece of work, on one side only: marked is what is done with `object` meanwhile, on both. `count` is the one that the call raises, where its own row says so. */
export function heldWhile(change: Change, row: Asked): readonly Finding[] {
	const names = new Set(row.calls ?? []);
	const [old, now] = [change.old, change.now].map((sites) => sites.find(({ api }) => names.has(api)));
	const site = now ?? old;
	if (!site || (old && now)) return [];
	const object = assigned(now ? change.after.fn.body : change.before.fn.body, site) ?? site.args[0];
	if (!object || !/^[A-Za-z_]\w*(?:(?:->|\.)\w+)*$/.test(object)) return [];
	const use = new RegExp(`(?<![\\w.>])${escaped(object)}(?:\\s*->|\\s*[,)])`);
	const marked = [...twins(change), ...steps(change)].find(({ before, after }) => (now ? after : before).line >= site.line && !/^return\b|lock\w*\s*\(/.test(after.text) && use.test((after.field('condition') ?? after).text) && !after.text.includes(site.api));
	const count = site.row?.effect === 'get-unless-zero' ? placeText(site, site.row.at) : null;
	return marked ? [{ words: { object, call: site.text, ...(count ? { count } : {}) }, tells: now ? 'fixes' : 'introduces', marked }] : [];
}

/** The variable that gets what the call returns. */
const assigned = (body: CNode, { start }: Site): string | undefined =>
	/(?:^|[\s;{}(*])([A-Za-z_]\w*)\s*=\s*$/.exec(body.text.slice(0, Math.max(0, start - body.start)))?.[1];
