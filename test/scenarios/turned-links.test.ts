import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** An entry that is taken out of a list while readers may stand at it: lines of a file that the patch shows, and what is said of them. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (file: string, said: string): Promise<void> => expect(await saidOfFile(analyzer, 'quay', 'rework the berths', file)).toBe(said);
const checkHunk = async (words: string, hunk: string, said: string): Promise<void> => expect(await saidOfHunk(analyzer, words, 'void quay_swap(struct quay *quay, struct berth *berth, struct berth *other)', hunk, 'quay: tidy')).toBe(said);

const TYPES = `struct berth {
	struct list_head node;
	struct rcu_head rcu;
	int id;
};
struct quay {
	struct list_head berths;
	int hidden;
	struct mutex lock;
};`;

describe('an entry that readers were left a way on from', () => {
	const file = (wasOut: string, out: string, then = '', into = 'list_add_rcu(&berth->node, &quay->berths)'): string => `${TYPES}
void quay_hide(struct quay *quay, struct berth *berth)
{
	mutex_lock(&quay->lock);
-	${wasOut}
+	${out}
	quay->hidden++;
	mutex_unlock(&quay->lock);
${then}}
void quay_add(struct quay *quay, struct berth *berth)
{
	mutex_lock(&quay->lock);
	${into};
	mutex_unlock(&quay->lock);
}`;
	const [was, is] = ['list_del_rcu(&berth->node);', 'list_del_init(&berth->node);'];
	it('is left to itself', () => check(file(was, is), 'introduces: use-after-free'));
	it('is so in a table', () => check(file('hash_del_rcu(&berth->node);', 'hash_del(&berth->node);', '', 'hash_add_rcu(quay->berths, &berth->node, berth->id)'), 'introduces: use-after-free'));
	it('where nobody lets readers in', () => check(file(was, is, '', 'list_add(&berth->node, &quay->berths)'), 'no-failure'));
	it('where it was freed at once before', () => check(file(was, is, '	kfree(berth);\n'), 'no-failure'));
	it('nor where it leaves them one in other words', () => check(file('hlist_del_rcu(&berth->node);', 'hlist_del_init_rcu(&berth->node);', '', 'hlist_add_head_rcu(&berth->node, &quay->berths)'), 'no-failure'));
	const hunk = `
 	mutex_lock(&quay->lock);
-	list_del_rcu(&berth->node);
+	list_del_init(&berth->node);
 	list_add_rcu(&other->node, &quay->berths);
 	mutex_unlock(&quay->lock);
`;
	it('though nothing is meant to change', () => checkHunk('Let it be tested with list_empty(). No functional change intended.', hunk, 'introduces: use-after-free'));
	it('unless the mail speaks of readers', () => checkHunk('Nobody walks the list outside the lock here.', hunk, 'no-failure'));
});
