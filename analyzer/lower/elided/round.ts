import type { CNode } from '../../parse/source';

/** A release, whose acquire has the same name without the `un`. */
const RELEASE = /\b(\w*?)un(lock\w*)\s*\(\s*([^(),]*)/g;

/** A loop's body gives back a lock that it takes nowhere: each round takes it in lines that are not shown, before the first one that is. */
export function takesOutOfSight(body: string): boolean {
	return [...body.matchAll(RELEASE)].some(([, head = '', lock = '', object = '']) => !new RegExp(`\\b${head}(?:try)?${lock.slice(0, 'lock'.length)}\\w*\\s*\\(\\s*${object.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).test(body));
}

/** `kfree(entry)`, `kmem_cache_free(cache, entry)`, `call_rcu(&entry->rcu, entry_free)` */
const ENDS = /\b\w*(?:free|destroy|put|release|call_s?rcu)\w*\s*\((?:[^();]*,)?\s*(?:([A-Za-z_]\w*)|&([A-Za-z_]\w*)(?:->|\.)[\w.]+)\s*(?:,\s*\w+\s*)?\)/g;

/** A loop's body ends what a variable points at, and nothing in it gives the variable anything else: each round is given another one by the loop's head, which is not shown. */
export const endsWhatItIsGiven = (body: string): boolean => [...body.matchAll(ENDS)].some(([, one, other]) => !new RegExp(`(?<![\\w.>])${one ?? other}\\s*=(?!=)|&${one ?? other}\\b(?!->|\\.)`).test(body));

/** A round ends what it stands at, or takes it out: a walk that cannot go on from there is left in the lines behind that, where they are not shown. */
export const takesAway = (body: string, entry: string): boolean => new RegExp(`\\b\\w*(?:del|remove|free|erase|unlink|destroy|put)\\w*\\s*\\([^;]*(?<![\\w.>])${entry.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\b`).test(body);

/** The patch does not show the end of its body, where its condition may change. */
export const endsUnseen = (node: CNode): boolean => {
	const body = node.field('body');
	return body?.type === 'compound_statement' && body.children.at(-1)?.synthetic === true;
};
