import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, placeText, rootOf, type Site } from '../../sites';
import { twins } from '../../twins';

/** What leads from an object to the part of it that its maker has for himself: it goes with the object. */
const PART = /\b([A-Za-z_]\w*)\s*=\s*(\w*_priv|\w*_get_devdata|\w*_to_priv|blk_mq_rq_to_pdu|netdev_priv|crypto_\w+_ctx)\s*\(\s*([A-Za-z_]\w*)\s*\)/g;

/** `free` frees `owner`, and with it its `part`; the marked statement uses that before on one side, and after it on the other. */
export function freedOwners(change: Change): readonly Finding[] {
	const parts = [...change.after.fn.body.text.matchAll(PART)].map(([, part = '', , owner = '']) => ({ part, owner }));
	return parts.flatMap(({ part, owner }) => {
		const frees = (sites: readonly Site[]): Site | undefined => sites.find((site) => site.row?.effect === 'free' && rootOf(placeText(site, site.row.pointer) ?? '') === owner);
		const [old, now] = [frees(change.old), frees(change.now)];
		if (!old || !now || !structOf(change, part)) return [];
		const use = new RegExp(`(?<![\\w.>])${escaped(part)}\\s*(?:->|[,)])`);
		const marked = twins(change).find(({ before, after }) => after.type === 'expression_statement' && use.test(after.text) && before.line > old.line !== after.line > now.line);
		return marked ? [{ words: { owner, part, free: now.api, call: now.text }, tells: marked.before.line > old.line ? 'fixes' as const : 'introduces' as const, marked }] : [];
	});
}
