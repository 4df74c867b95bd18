import { namesOf } from '../../../../knowledge/namings';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, placeText, rootOf, type Site } from '../../sites';
import { twins } from '../../twins';

/** `free` frees `owner`, and with it its `part`; the marked statement uses that before on one side, and after it on the other. */
export function freedOwners(change: Change): readonly Finding[] {
	// The part of an object that its maker has for himself.
	const taken = new RegExp(`\\b([A-Za-z_]\\w*)\\s*=\\s*${namesOf(change.post.sources.table, 'own-part')}\\s*\\(\\s*([A-Za-z_]\\w*)\\s*\\)`, 'g');
	const parts = [...change.after.fn.body.text.matchAll(taken)].map(([, part = '', owner = '']) => ({ part, owner }));
	return parts.flatMap(({ part, owner }) => {
		const frees = (sites: readonly Site[]): Site | undefined => sites.find((site) => site.row?.effect === 'free' && rootOf(placeText(site, site.row.pointer) ?? '') === owner);
		const [old, now] = [frees(change.old), frees(change.now)];
		if (!old || !now || !structOf(change, part)) return [];
		const use = new RegExp(`(?<![\\w.>])${escaped(part)}\\s*(?:->|[,)])`);
		const marked = twins(change).find(({ before, after }) => after.type === 'expression_statement' && use.test(after.text) && before.line > old.line !== after.line > now.line);
		return marked ? [{ words: { owner, part, free: now.api, call: now.text }, tells: marked.before.line > old.line ? 'fixes' as const : 'introduces' as const, marked }] : [];
	});
}
